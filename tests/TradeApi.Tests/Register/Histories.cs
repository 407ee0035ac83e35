using System.Globalization;
using System.Text;
using CsCheck;
using TradeApi.KeeperChanges;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Tests.Register;

/// <summary>
/// Random histories of vehicles: notices of every type by whoever may send them, reversals and corrections in between.
/// Whatever the rules make of them, what must always hold still holds, and a reversal brings back exactly what was there.
/// <c>HISTORIES=10000</c> runs more of them.
/// </summary>
public class Histories
{
    const int Steps = 8;
    static readonly int Count = int.Parse(
        Environment.GetEnvironmentVariable("HISTORIES") ?? "400",
        CultureInfo.InvariantCulture
    );

    /// <summary>One step: what is tried, how many days after the step before (or before it), and by whom of those who may.</summary>
    static readonly Gen<(int What, int Days, int Who)> AnyStep = Gen.Select(
        Gen.Int[0, EventTypes.All.Count + 3],
        Gen.Frequency((8, Gen.Int[0, 20]), (1, Gen.Int[-15, -1])),
        Gen.Int[0, 3]
    );

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Keeperships_never_gap_nor_overlap_and_a_reversal_restores_what_was(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        await AnyStep
            .Array[Steps]
            .Array[Count]
            .SampleAsync(async histories => await Run(host, histories), iter: 1, threads: 1);
    }

    static async Task Run(TradeApiHost host, (int What, int Days, int Who)[][] histories)
    {
        var vehicles = await RandomTrade.AddVehicles(host, histories.Length);
        var days = histories.Select(_ => new DateOnly(2026, 3, 1)).ToArray();
        var clients = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var organisation in RandomTrade.Organisations)
            clients[organisation] = (await host.Partner(organisation)).ClientId;
        var told = new Dictionary<string, int>(StringComparer.Ordinal);
        var events = vehicles.ToDictionary(mark => mark, _ => new Stack<Recorded>(), StringComparer.Ordinal);

        for (var step = 0; step < Steps; step++)
        {
            var before = await RandomTrade.Records(host);
            var notices = new List<(string Mark, Notice Notice)>();
            for (var i = 0; i < vehicles.Count; i++)
            {
                var (what, shift, who) = histories[i][step];
                days[i] = days[i].AddDays(shift);
                var record = before[vehicles[i]];
                if (what < EventTypes.All.Count)
                    notices.Add(
                        (vehicles[i], RandomTrade.NoticeOf(EventTypes.All[what], record, days[i], who, clients))
                    );
                else if (events[vehicles[i]].TryPeek(out var last))
                    await Follow(
                        host,
                        what - EventTypes.All.Count,
                        last,
                        record,
                        days[i],
                        clients,
                        events[vehicles[i]],
                        told
                    );
            }
            foreach (var batch in notices.Chunk(500))
            {
                var answers = await host
                    .Registers.Of("sandbox")
                    .Apply(batch.Select(pair => pair.Notice).ToList(), mayRepeat: false);
                foreach (var ((mark, notice), answer) in batch.Zip(answers))
                {
                    Tell(told, $"{notice.Change.Type!.Name} {answer.Outcome}");
                    if (answer.Outcome == Outcome.Accepted)
                        events[mark].Push(new Recorded(answer.Decision!, before[mark].Text));
                }
            }
            await host.AssertClean();
        }

        // A test in which everything is refused proves nothing.
        Assert.True(told.Count > 25, string.Join(", ", told));
        Assert.True(
            told.Where(pair => pair.Key.EndsWith("Accepted", StringComparison.Ordinal)).Sum(pair => pair.Value) > Count,
            string.Join(", ", told)
        );
        Assert.Contains(told, pair => pair is { Key: "Reversal Accepted", Value: > 3 });
        Assert.Contains(told, pair => pair is { Key: "Correction Accepted", Value: > 3 });
    }

    static async Task Follow(
        TradeApiHost host,
        int what,
        Recorded last,
        RandomTrade.Vehicle record,
        DateOnly day,
        Dictionary<string, string> clients,
        Stack<Recorded> events,
        Dictionary<string, int> told
    )
    {
        var later =
            what < 2
                ? LaterNotice.Read(LaterKind.Reversal, [])
                : LaterNotice.Read(
                    LaterKind.Correction,
                    what == 2
                        ? [RandomTrade.Text("eventDate", day.ToString("O", null))]
                        :
                        [
                            RandomTrade.Text("newKeeper.lastName", "Corrected"),
                            RandomTrade.Text("newKeeper.firstNames", "Sam"),
                        ]
                );
        var answer = await new LaterNotices(host.Registers.Of("sandbox"), host.Clock).Post(
            last.Notice,
            later,
            last.Notice.OrganisationId,
            clients[last.Notice.OrganisationId],
            Payload(later),
            key: null,
            byStaff: what == 1,
            CancellationToken.None
        );
        Tell(told, $"{later.Kind} {answer.Outcome}");
        if (answer.Outcome != Outcome.Accepted)
            return;
        if (later.Kind == LaterKind.Correction)
            return;
        events.Pop();
        var now = (await RandomTrade.Records(host, record.Vin)).Values.Single();
        Assert.Equal(last.Before, now.Text);
    }

    static byte[] Payload(LaterNotice later)
    {
        var date = later.Corrected.FirstOrDefault(member => member.Path == "eventDate").Text;
        return Encoding.UTF8.GetBytes(
            date is null
                ? """{"newKeeper": {"lastName": "Corrected", "firstNames": "Sam"}}"""
                : $$"""{"eventDate": "{{date}}"}"""
        );
    }

    static void Tell(Dictionary<string, int> told, string what) => told[what] = told.GetValueOrDefault(what) + 1;

    /// <summary>An accepted notice, with the record before it.</summary>
    sealed record Recorded(DecidedNotice Notice, string Before);
}
