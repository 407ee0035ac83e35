using System.Text.Json.Nodes;
using CsCheck;
using TradeApi.Rules;

namespace TradeApi.Tests.Register;

/// <summary>A file is judged as it stands: not by how it is cut into batches, and not by whether it came before.</summary>
public class Splits
{
    const int Vehicles = 25;

    // With two different wrong proofs at each of so many, an organisation is not held yet.
    const int FewVehicles = 10;
    const int Rows = 250;

    static readonly Gen<(int Vehicle, int What, int Day, int Who)> AnyRow = Gen.Select(
        Gen.Int[0, Vehicles - 1],
        Gen.Int[0, EventTypes.All.Count - 1],
        Gen.Int[0, 200],
        Gen.Int[0, 3]
    );

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_verdict_does_not_depend_on_how_a_file_is_cut_into_batches(string database) =>
        await AnyRow
            .Array[Rows]
            .SampleAsync(
                async rows =>
                {
                    var whole = await Decide(database, rows, Rows);
                    foreach (var size in new[] { 1, 7, 60 })
                        Assert.Equal(whole, await Decide(database, rows, size));
                    Assert.Contains(whole, verdict => verdict.StartsWith("Accepted", StringComparison.Ordinal));
                    Assert.Contains(whole, verdict => verdict.StartsWith("Refused", StringComparison.Ordinal));
                },
                iter: 2,
                threads: 1
            );

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_file_sent_again_gives_the_same_outcomes_and_records_nothing_new(string database) =>
        await Gen.Select(Gen.Int[0, FewVehicles - 1], Gen.Int[0, 2], Gen.Int[1, 24])
            .Array[Rows]
            .SampleAsync(
                async rows =>
                {
                    await using var host = await TradeApiHost.Start(database);
                    await host.ImportSharedOrganisations();
                    var partner = await host.Partner("org_dealer1");
                    var vehicles = await host.AddVehicles(FewVehicles);
                    var file = Notices.File(rows.Select(row => NoticeOf(vehicles[row.Item1], row.Item2, row.Item3)));

                    var first = await partner.SendFile(file);
                    var before = await host.QueryRegister<long>("select size from ledger_head");
                    var again = await partner.SendFile(file);

                    var verdicts = await partner.Results(first.String("id")!);
                    Assert.Equal(
                        verdicts.Select(row => Verdict(row, sentAgain: true)),
                        (await partner.Results(again.String("id")!)).Select(row => Verdict(row, sentAgain: false))
                    );
                    Assert.Equal(before, await host.QueryRegister<long>("select size from ledger_head"));
                    await host.AssertClean();
                },
                iter: 2,
                threads: 1
            );

    static JsonObject NoticeOf(TestVehicle vehicle, int what, int day)
    {
        var date = $"2026-11-{day:D2}";
        return what switch
        {
            0 => Notices.Disposal(vehicle, date: date),
            1 => Notices.Acquisition(vehicle, date: date),
            _ => Notices.Disposal(vehicle, date: date).With("keeperConsent", false),
        };
    }

    // A refused row is refused again, though perhaps for what has happened to the vehicle since.
    static string Verdict(JsonObject row, bool sentAgain) =>
        (string)row["outcome"]! is "accepted" or "referred" && sentAgain ? "duplicate" : (string)row["outcome"]!;

    static async Task<List<string>> Decide(
        string database,
        (int Vehicle, int What, int Day, int Who)[] rows,
        int batchSize
    )
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var marks = await RandomTrade.AddVehicles(host, Vehicles);
        var records = await RandomTrade.Records(host);
        var clients = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var organisation in RandomTrade.Organisations)
            clients[organisation] = (await host.Partner(organisation)).ClientId;
        var notices = rows.Select(row =>
            RandomTrade.NoticeOf(
                EventTypes.All[row.What],
                records[marks[row.Vehicle]],
                new DateOnly(2026, 4, 1).AddDays(row.Day),
                row.Who,
                clients
            )
        );
        var verdicts = new List<string>();
        foreach (var batch in notices.Chunk(batchSize))
            verdicts.AddRange(
                (await host.Registers.Of("sandbox").Apply(batch, mayRepeat: false)).Select(answer =>
                    $"{answer.Outcome} {answer.Decision?.Findings}"
                )
            );
        await host.AssertClean();
        return verdicts;
    }
}
