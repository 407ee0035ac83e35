using System.Text;
using TradeApi.Register;
using TradeApi.Submissions;

namespace TradeApi.Tests.Submissions;

/// <summary>Results of files that go on meanwhile, have very much to say, or have ended in the middle.</summary>
public class RunningAndOddFiles(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Corrections_have_the_rows_that_were_decided_when_they_were_asked_for_and_all_members_of_those(
        string database
    )
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(2);
        var sent = await partner.SendFile(
            Notices.File(
                Notices.Disposal(vehicles[0]).With("keeperConsent", false),
                Notices.Disposal(vehicles[1], onBehalfOf: "org_nobody")
            )
        );
        Assert.True(Ids.TryRead("sub_", sent.String("id")!, out var id));
        var ended = await SubmissionStore.Find(host.Stores.Sandbox, "org_dealer1", id, CancellationToken.None);
        using var written = new MemoryStream();

        // As it was after its first row: the second is decided while the first is being written.
        await ResultFiles.WriteCorrections(
            written,
            host.Stores.Sandbox,
            "sandbox",
            ended! with
            {
                NextRow = 2,
            },
            CancellationToken.None
        );

        var lines = Encoding.UTF8.GetString(written.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("1,", lines[1], StringComparison.Ordinal);
        var all = (await partner.Get($"/v1/submissions/{sent.String("id")}/corrections")).Text;
        Assert.Contains("onBehalfOf", all, StringComparison.Ordinal);
        Assert.Contains("org_nobody", all, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_row_with_very_many_unknown_members_is_told_of_some_and_how_many_more_there_are(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var rows = Enumerable
            .Range(0, 3)
            .Select(row =>
                Enumerable
                    .Range(0, 500)
                    .Aggregate(Notices.Disposal(vehicle), (notice, i) => notice.With($"m{row}_{i:D3}", 1))
            );

        var sent = await partner.SendFile(Notices.File(rows));

        foreach (var result in await partner.Results(sent.String("id")!))
        {
            Assert.Equal("refused", (string)result["outcome"]!);
            var findings = result["findings"]!.AsArray();
            Assert.Equal(21, findings.Count);
            Assert.All(findings, finding => Assert.Equal("field.unknown", (string)finding!["code"]!));
            Assert.Contains("480 further members", (string)findings[^1]!["message"]!, StringComparison.Ordinal);
        }
        var corrections = (await partner.Get($"/v1/submissions/{sent.String("id")}/corrections")).Text;
        var columns = corrections.Split("\r\n")[0].Split(',');
        Assert.Equal(50, columns.Count(column => column.StartsWith("x-", StringComparison.Ordinal)));
        Assert.Contains("registrationNumber", columns);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Nothing_stays_of_a_file_that_was_only_judged_though_its_worker_was_killed_when_it_ended(
        string database
    )
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var file = Notices.File(Notices.Disposal(await host.AddVehicle()));
        var sent = await partner.SendFile(file, query: "?mode=validate");
        await host.ExecuteRegister(
            """
            insert into trial_vehicle (submission_id, registration_number, vehicle_id, content)
            select submission_id, 'AB12CDE', submission_id, '{}'
              from submission
            """
        );
        Assert.Equal("completed", sent.String("state"));

        await Trial.ForgetEnded(host.Stores.Sandbox, CancellationToken.None);

        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from trial_vehicle"));
    }
}
