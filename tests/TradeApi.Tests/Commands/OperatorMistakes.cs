using System.Text;
using TradeApi.Organisations;
using TradeApi.Tests.Faults;
using TradeApi.Tests.Vehicles;

namespace TradeApi.Tests.Commands;

/// <summary>What an operator can get wrong is said in a sentence, ends with 1, and does no harm.</summary>
public class OperatorMistakes
{
    const string Header =
        "registrationNumber,vin,documentReferenceNumber,make,colour,vehicleClass,dateOfFirstRegistration,state,stateSince,heldBy,keeper.lastName\n";

    static string Line(string mark, string colour = "BLUE", string document = "12345678901") =>
        $"{mark},SALVA2AE4EH877322,{document},FORD,{colour},car,2012-03-01,withKeeper,2020-01-01,,Sample\n";

    [Theory]
    [InlineData("verfy")]
    [InlineData("client add org_dealer --liev")]
    [InlineData("import register one.csv two.csv")]
    [InlineData("verify")]
    [InlineData("import register no-such-file.csv")]
    [InlineData("client add org_nobody")]
    public async Task A_command_that_cannot_be_carried_out_ends_with_1_and_says_why(string arguments)
    {
        await using var host = await HostProcess.Prepare("sqlite");
        var (exitCode, output) = await host.Run(arguments.Split(' '));
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.NotEqual("", output.Trim());
    }

    [Fact]
    public async Task A_client_of_the_live_register_needs_an_organisation_that_is_live()
    {
        await using var host = await HostProcess.Prepare("sqlite");
        var file = await host.Write("organisations.json", MadeUpTrade.Organisations);
        Assert.Equal(0, (await host.Run("import", "organisations", file)).ExitCode);
        var refused = await host.Run("client", "add", "org_dealer", "--live");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("sandbox", refused.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await host.Run("import", "organisations", file, "--live")).ExitCode);
        Assert.Equal(0, (await host.Run("client", "add", "org_dealer", "--live")).ExitCode);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_bad_line_of_a_register_is_reported_and_the_others_are_taken(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        var csv = Encoding.UTF8.GetBytes(
            Header
                + Line("AB12 CDE")
                + Line("AB12 CDF", colour: "BL\0UE")
                + Line("AB12 CDG", colour: "~")
                + Line("AB12 CDH", document: "123")
                + Line("AB12 CDE", document: "12345678902")
                + "AB12 CDJ,SALVA2AE4EH877322,12345678901,FORD,BLUE,car,2012-03-01,inTrade,2020-01-01,,\n"
                + Line("AB12 CDK")
        );
        // One byte of another encoding.
        csv[Array.IndexOf(csv, (byte)'~')] = 0xE9;

        var report = await host.Import(csv);

        Assert.Equal(2, report.Loaded);
        Assert.Collection(
            report.FirstRefused,
            refusal => Assert.StartsWith("line 3: colour.control-character: ", refusal, StringComparison.Ordinal),
            refusal =>
                Assert.StartsWith(
                    "line 4: row.encoding: The text of this row is not UTF-8",
                    refusal,
                    StringComparison.Ordinal
                ),
            refusal => Assert.StartsWith("line 5: documentReferenceNumber.format: ", refusal, StringComparison.Ordinal),
            refusal => Assert.StartsWith("line 6: registrationNumber.doubled: ", refusal, StringComparison.Ordinal),
            refusal => Assert.StartsWith("line 7: heldBy.missing: ", refusal, StringComparison.Ordinal)
        );
        Assert.Equal(2, await host.QueryRegister<long>("select count(*) from vehicle"));
    }

    [Theory]
    [InlineData("""[]""", "neither organisations nor mandates")]
    [InlineData(
        """{ "organisations": [ { "id": "org_a", "name": "A", "kind": "baker" } ] }""",
        "item 1: kind must be one of"
    )]
    [InlineData(
        """{ "organisations": [ { "id": "org_a", "name": "\ud800", "kind": "insurer" } ] }""",
        "item 1: name is missing"
    )]
    [InlineData(
        """{ "mandates": [ { "id": "man_a", "grantedBy": "a", "actingOrganisation": "b", "eventTypes": ["disposalToTrade"], "startsOn": "2030-13-01" } ] }""",
        "item 1: startsOn must be a date"
    )]
    [InlineData(
        """{ "mandates": [ { "id": "man_a", "grantedBy": "a", "actingOrganisation": "b", "eventTypes": ["disposalToTrade"], "endsOn": 2030 } ] }""",
        "item 1: endsOn must be a date"
    )]
    public async Task A_bad_item_of_an_organisations_file_is_reported(string json, string reason)
    {
        await using var host = await TradeApiHost.Start("sqlite");
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var report = await new OrganisationImport(host.Stores, host.Clock).Run(
            file,
            live: false,
            CancellationToken.None
        );
        Assert.Equal(0, report.Loaded);
        Assert.Contains(reason, Assert.Single(report.Refused), StringComparison.Ordinal);
    }
}
