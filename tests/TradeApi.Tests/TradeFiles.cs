using System.Text.Json.Nodes;

namespace TradeApi.Tests;

/// <summary>The trade files of `tests/data` against the outcome that is expected of every row.</summary>
public class TradeFiles
{
    public static readonly TheoryData<string, string, string, string> Files = Combine();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_row_of_a_file_comes_out_as_expected_and_sending_it_again_accepts_nothing_new(
        string database,
        string file,
        string sender,
        string format
    )
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedData();
        var partner = await host.Partner(sender);
        var content = await File.ReadAllBytesAsync(TestData.Path($"{file}.{format}"));
        var mediaType = format == "csv" ? "text/csv" : "application/x-ndjson";
        var expected = await File.ReadAllLinesAsync(TestData.Path($"{file}.expected.jsonl"));

        var first = await Send(partner, content, mediaType, expected.Length);
        Assert.Empty(expected.Zip(first, Differences).SelectMany(differences => differences));

        var second = await Send(partner, content, mediaType, expected.Length);
        foreach (var (before, after) in first.Zip(second))
        {
            var again = (string)before["outcome"]! == "refused" ? "refused" : "duplicate";
            Assert.True(again == (string)after["outcome"]!, $"{before.ToJsonString()} became {after.ToJsonString()}");
            Assert.Equal(again == "refused" ? Reply.CodesOf(before) : [], Reply.CodesOf(after));
        }
        await host.AssertClean();
    }

    static async Task<IReadOnlyList<JsonObject>> Send(Partner partner, byte[] content, string mediaType, int rows)
    {
        var reply = await partner.SendFile(content, mediaType);
        Assert.Equal(202, reply.Status);
        Assert.Equal("completed", reply.String("state"));
        Assert.Equal(rows, (int)reply.Json["rows"]!["total"]!);
        var results = await partner.Results(reply.String("id")!);
        Assert.Equal(Enumerable.Range(1, rows), results.Select(row => (int)row["rowNumber"]!));
        return results;
    }

    static IEnumerable<string> Differences(string expectedLine, JsonObject found)
    {
        var expected = JsonNode.Parse(expectedLine)!.AsObject();
        var codes = Reply.CodesOf(found);
        var same =
            (string)expected["outcome"]! == (string)found["outcome"]!
            && (string?)expected["clientReference"] == (string?)found["clientReference"]
            && expected["codes"]!.AsArray().All(code => codes.Contains((string)code!))
            && (
                expected["suggestion"] is not { } suggestion
                || found["findings"]!.AsArray().Any(finding => (string?)finding!["suggestion"] == (string)suggestion!)
            );
        if (!same)
            yield return $"expected {expectedLine}, found {found.ToJsonString()}";
    }

    static TheoryData<string, string, string, string> Combine()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var database in new[] { "sqlite", "postgres" })
        foreach (var (file, sender) in new[] { ("vendor", "org_vendor"), ("atf", "org_atf") })
        foreach (var format in new[] { "ndjson", "csv" })
            data.Add(database, file, sender, format);
        return data;
    }
}
