using System.Text.Json.Nodes;

namespace TradeApi.Tests;

/// <summary>The trade files of `tests/data` against the outcome that is expected of every row.</summary>
public class TradeFiles
{
    static readonly (string File, string Sender)[] Files =
    [
        ("vendor", "org_vendor"),
        ("atf", "org_atf"),
        ("insurer", "org_insurer"),
        ("fleet", "org_fleet"),
    ];

    [Theory]
    [InlineData("sqlite", "ndjson")]
    [InlineData("sqlite", "csv")]
    [InlineData("postgres", "ndjson")]
    [InlineData("postgres", "csv")]
    public async Task Every_row_of_a_file_comes_out_as_expected_and_sending_it_again_accepts_nothing_new(
        string database,
        string format
    )
    {
        // All files act on one register, each on other vehicles.
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedData();
        var first = new List<IReadOnlyList<JsonObject>>();
        foreach (var (file, sender) in Files)
        {
            var expected = await File.ReadAllLinesAsync(TestData.Path($"{file}.expected.jsonl"));
            var results = await Send(await host.Partner(sender), file, format, expected.Length);
            var differences = expected.Zip(results, Differences).SelectMany(differences => differences).ToList();
            Assert.True(differences.Count == 0, string.Join('\n', differences.Take(5)));
            first.Add(results);
        }

        foreach (var ((file, sender), results) in Files.Zip(first))
        {
            var again = await Send(await host.Partner(sender), file, format, results.Count);
            foreach (var (before, after) in results.Zip(again))
            {
                var refused = (string)before["outcome"]! == "refused";
                Assert.True(
                    (refused ? "refused" : "duplicate") == (string)after["outcome"]!,
                    $"{before.ToJsonString()} became {after.ToJsonString()}"
                );
                Assert.Equal(refused ? Reply.CodesOf(before) : [], Reply.CodesOf(after));
            }
        }
        await host.AssertClean();
    }

    static async Task<IReadOnlyList<JsonObject>> Send(Partner partner, string file, string format, int rows)
    {
        var content = await File.ReadAllBytesAsync(TestData.Path($"{file}.{format}"));
        var mediaType = format == "csv" ? "text/csv" : "application/x-ndjson";
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
            // The files name what a row is about; other findings may stand beside it.
            && expected["codes"]!.AsArray().All(code => codes.Contains((string)code!))
            && (
                expected["suggestion"] is not { } suggestion
                || found["findings"]!.AsArray().Any(finding => (string?)finding!["suggestion"] == (string)suggestion!)
            );
        if (!same)
            yield return $"expected {expectedLine}, found {found.ToJsonString()}";
    }
}
