using System.Text.Json.Nodes;
using TradeApi.Tests.Faults;
using TradeApi.Tests.Vehicles;

namespace TradeApi.Tests.Commands;

/// <summary>What `import register` prints and writes.</summary>
public class ImportingARegister
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Only_the_report_is_printed_and_the_files_asked_for_are_written(string database)
    {
        await using var host = await HostProcess.Prepare(database);
        var vehicles = RegisterFiles.Many(30_000).ToList();
        vehicles[1] = RegisterFiles.But(("vin", "1"), ("stateSince", "2000-01-01"));
        var file = await host.Write("register.csv", System.Text.Encoding.UTF8.GetString(RegisterFiles.Csv(vehicles)));
        var (refused, report) = (await host.Write("refused.csv", "old"), await host.Write("report.json", "old"));

        var (exitCode, output, errors) = await host.RunApart(
            "import",
            "register",
            file,
            "--refused",
            refused,
            "--report",
            report
        );

        Assert.Equal(1, exitCode);
        Assert.Equal(
            """
            30000 read = 29999 loaded + 0 unchanged + 0 changed + 1 refused
            refused, vin.format: 1 (line 3)
            doubtful, dates.out-of-order: 1 (line 3)

            """,
            output
        );
        Assert.Contains("Checking: 30 %, 10,000 lines\n", errors, StringComparison.Ordinal);
        Assert.Contains("line 3: vin.format: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(vehicles[1]["registrationNumber"], errors, StringComparison.Ordinal);

        var written = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        Assert.Equal(
            (30_000, 29_999, 0, 0, 1, 0),
            (
                (int)written["read"]!,
                (int)written["loaded"]!,
                (int)written["unchanged"]!,
                (int)written["changed"]!,
                (int)written["refused"]!,
                (int)written["notFound"]!
            )
        );
        Assert.Equal("""[{"reason":"vin.format","count":1,"firstLines":[3]}]""", written["reasons"]!.ToJsonString());
        Assert.Contains(
            """{"doubt":"dates.out-of-order","count":1,"firstLines":[3]}""",
            written["quality"]!.ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await File.ReadAllLinesAsync(refused)).Length);

        var again = await host.RunApart("import", "register", refused);
        Assert.Equal(1, again.ExitCode);
        Assert.StartsWith(
            "1 read = 0 loaded + 0 unchanged + 0 changed + 1 refused\n",
            again.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_is_never_written_over_by_its_own_refused_lines()
    {
        await using var host = await HostProcess.Prepare("sqlite");
        var file = await host.Write("register.csv", "registrationNumber\nAB12CDE\n");
        var (exitCode, output) = await host.Run("import", "register", file, "--refused", file);
        Assert.Equal(1, exitCode);
        Assert.Contains("need files of their own", output, StringComparison.Ordinal);
        Assert.Equal("registrationNumber\nAB12CDE\n", await File.ReadAllTextAsync(file));
    }
}
