using System.Diagnostics;
using System.Globalization;

namespace TradeApi.Tests.Faults;

/// <summary>A host that is killed in the middle of its work, and one that has a great deal of it.</summary>
public class KilledHost(ITestOutputHelper output)
{
    const int Rows = 20_000;

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_submission_goes_on_at_the_next_row_after_kill_9_and_every_row_is_decided_once(string database)
    {
        await using var host = await HostProcess.Prepare(database);
        await Import(host, Rows);
        await host.Serve();
        var partner = await host.Partner("org_dealer");
        var sent = await partner.SendFile(MadeUpTrade.Notices(Rows), wait: null);
        Assert.Equal(202, sent.Status);
        var id = sent.String("id")!;

        foreach (var share in new[] { 0.2, 0.5, 0.8 })
        {
            var decided = await WaitFor(partner, id, rows => rows >= share * Rows);
            Assert.True(decided < Rows, "The host was faster than the test could kill it; it needs more rows.");
            await host.Kill();
            await host.Serve();
        }

        Assert.Equal(Rows, await WaitFor(partner, id, rows => rows == Rows));
        var results = await partner.Results(id);
        Assert.Equal(Enumerable.Range(1, Rows), results.Select(row => (int)row["rowNumber"]!));
        Assert.Equal(MadeUpTrade.Accepted(Rows), results.Count(row => (string)row["outcome"]! == "accepted"));
        var receipts = results.Select(row => (string?)row["receiptReference"]).OfType<string>().ToList();
        Assert.Equal(MadeUpTrade.Accepted(Rows), receipts.Distinct().Count());
        await AssertVerified(host);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_file_of_100_000_rows_passes_through_in_less_than_400_megabytes(string database)
    {
        const int Many = 100_000;
        await using var host = await HostProcess.Prepare(database);
        await Import(host, Many);
        await host.Serve();
        var partner = await host.Partner("org_dealer");
        var file = MadeUpTrade.Notices(Many);

        var clock = Stopwatch.StartNew();
        var sent = await partner.SendFile(file, wait: null);
        var uploaded = clock.Elapsed;
        Assert.Equal(202, sent.Status);
        await WaitFor(partner, sent.String("id")!, rows => rows == Many);
        var decided = clock.Elapsed;
        Assert.Equal(Many, (await partner.Results(sent.String("id")!)).Count);

        var peak = host.PeakMegabytes();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{database}: {Many} rows, {file.Length / 1_000_000} MB; uploaded in {uploaded.TotalSeconds:F1} s, decided after {decided.TotalSeconds:F1} s, {Many / decided.TotalSeconds:F0} rows a second; peak memory {peak} MB"
            )
        );
        Assert.True(peak < 400, $"The host took {peak} MB.");
        await AssertVerified(host);
    }

    static async Task Import(HostProcess host, int vehicles)
    {
        var organisations = await host.Run(
            "import",
            "organisations",
            await host.Write("organisations.json", MadeUpTrade.Organisations)
        );
        Assert.True(organisations.ExitCode == 0, organisations.Output);
        var register = await host.Run(
            "import",
            "register",
            await host.Write("register.csv", MadeUpTrade.Register(vehicles))
        );
        Assert.True(register.ExitCode == 0, register.Output);
    }

    static async Task<int> WaitFor(Partner partner, string id, Predicate<int> decidedRows)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var reply = await partner.Get($"/v1/submissions/{id}");
            var rows = reply.Json["rows"]!;
            var decided = (int)rows["total"]! - (int)rows["unprocessed"]!;
            if (decidedRows(decided))
                return decided;
            Assert.Equal("processing", reply.String("state"));
            Assert.True(
                patience.Elapsed < TimeSpan.FromMinutes(5),
                $"Only {decided} rows were decided in five minutes."
            );
            await Task.Delay(50);
        }
    }

    static async Task AssertVerified(HostProcess host)
    {
        var verified = await host.Run("verify");
        Assert.True(verified.ExitCode == 0, verified.Output);
    }
}
