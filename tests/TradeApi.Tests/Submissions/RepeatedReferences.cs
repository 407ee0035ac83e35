using System.Text.Json.Nodes;

namespace TradeApi.Tests.Submissions;

/// <summary>
/// References of a file are mostly new, so a batch does not ask beforehand which are used. Where some are, nothing of it is told
/// otherwise than if it had.
/// </summary>
public class RepeatedReferences
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Rows_that_repeat_an_earlier_file_are_told_so_wherever_they_stand_among_new_ones(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var before = (await host.AddVehicles(600)).Select(vehicle => Notices.Disposal(vehicle)).ToList();
        await partner.SendFile(Notices.File([.. before]));
        var rows = (await host.AddVehicles(2100)).Select(vehicle => Notices.Disposal(vehicle)).ToList();
        // The same notices, whose vehicles are in trade by now; and the same reference with a notice that could be accepted.
        foreach (var place in new[] { 0, 700, 701, 1300, 2099 })
            rows[place] = Copy(before[place % 600]);
        foreach (var place in new[] { 400, 1700 })
            rows[place] = rows[place].With("clientReference", (string)before[50 + place % 7]["clientReference"]!);

        var sent = await partner.SendFile(Notices.File([.. rows]));

        Assert.Equal("completed", sent.String("state"));
        var results = await partner.Results(sent.String("id")!);
        Assert.Equal(2100, results.Count);
        for (var place = 0; place < results.Count; place++)
        {
            var expected =
                place is 0 or 700 or 701 or 1300 or 2099 ? "duplicate"
                : place is 400 or 1700 ? "refused"
                : "accepted";
            Assert.Equal(
                (place + 1, expected),
                ((int)results[place]["rowNumber"]!, (string)results[place]["outcome"]!)
            );
        }
        Assert.Equal(["duplicate.reference-reused"], Reply.CodesOf(results[400]));
        Assert.Equal(["duplicate.reference-reused"], Reply.CodesOf(results[1700]));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_file_sent_again_is_told_row_by_row_what_became_of_it_the_first_time(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var rows = (await host.AddVehicles(1600)).Select(vehicle => Notices.Disposal(vehicle)).ToList();
        foreach (var place in new[] { 3, 900 })
            rows[place] = rows[place].With("keeperConsent", false);
        var first = await partner.SendFile(Notices.File([.. rows]));

        var second = await partner.SendFile(Notices.File([.. rows.Select(Copy)]));

        var (told, again) = (await partner.Results(first.String("id")!), await partner.Results(second.String("id")!));
        Assert.Equal(
            told.Select(row => (string)row["outcome"]! is "refused" ? "refused" : "duplicate"),
            again.Select(row => (string)row["outcome"]!)
        );
        Assert.Equal(
            told.Where(row => (string)row["outcome"]! is "accepted").Select(row => (string)row["keeperChangeId"]!),
            again.Where(row => (string)row["outcome"]! is "duplicate").Select(row => (string)row["keeperChangeId"]!)
        );
        Assert.Equal(2, again.Count(row => (string)row["outcome"]! is "refused"));
        await host.AssertClean();
    }

    static JsonObject Copy(JsonObject notice) => JsonNode.Parse(notice.ToJsonString())!.AsObject();
}
