using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Vehicles;

/// <summary>The formats of a register file, and the file of refused lines that comes back from one.</summary>
public class FormatsAndRefusedLines
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_file_says_the_same_in_every_format(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        var vehicles = RegisterFiles.Many(3).ToList();
        vehicles[1] = new Dictionary<string, string>(vehicles[1], StringComparer.Ordinal)
        {
            ["state"] = "inTrade",
            ["heldBy"] = "org_dealer1",
        };
        var csv = RegisterFiles.Csv(vehicles);
        var ndjson = RegisterFiles.Ndjson(vehicles);

        Assert.Equal((3, 0, 0, 0), (await host.Import(ndjson)).Counts());
        foreach (
            var same in new[]
            {
                csv,
                RegisterFiles.Gzip(csv),
                RegisterFiles.Gzip(ndjson),
                [0xEF, 0xBB, 0xBF, .. ndjson],
                [.. "\r\n \n"u8, .. ndjson],
                Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(csv).Replace(',', ';').Replace("\n", "\r\n")),
            }
        )
            Assert.Equal((0, 3, 0, 0), (await host.Import(same)).Counts());
    }

    [Theory]
    [InlineData("documentReferenceNumber", "1234567890", "documentReferenceNumber.type")]
    [InlineData("stolen", "\"perhaps\"", "stolen.value")]
    [InlineData("stolen", "1", "stolen.type")]
    [InlineData("lastMileage", "-1", "lastMileage.range")]
    [InlineData("lastMileage", "true", "lastMileage.type")]
    [InlineData("colour", "[\"BLUE\"]", "colour.type")]
    [InlineData("keeper", "\"Sample\"", "row.unknown-member")]
    [InlineData("keeper", "{\"surname\":\"Sample\"}", "row.unknown-member")]
    [InlineData("keeper", "{}", "keeper.lastName.missing")]
    [InlineData("keeper.lastName", "\"Sample\"", "row.unknown-member")]
    [InlineData("color", "\"BLUE\"", "row.unknown-member")]
    [InlineData("colour", "\"\\ud800\"", "row.unreadable")]
    public async Task A_member_that_cannot_be_taken_refuses_its_line_alone(string member, string value, string reason)
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var line = RegisterFiles.Json(RegisterFiles.Vehicle);
        line[member] = "{0}";
        var text = line.ToJsonString().Replace("\"{0}\"", value, StringComparison.Ordinal);
        var report = await host.Import([
            .. Encoding.UTF8.GetBytes(text + "\n"),
            .. RegisterFiles.Ndjson(RegisterFiles.Many(1)),
        ]);
        Assert.Equal((1, 0, 0, 1), report.Counts());
        Assert.Equal(reason, Assert.Single(report.Reasons).Key);
    }

    [Fact]
    public async Task Members_of_the_senders_own_and_nulls_are_passed_over()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var line = RegisterFiles.Json(RegisterFiles.Vehicle);
        line["x-old-key"] = new JsonObject { ["table"] = 7 };
        line["reason"] = "vin.format: from an earlier import";
        line["heldBy"] = null;
        var report = await host.Import(Encoding.UTF8.GetBytes(line.ToJsonString()));
        Assert.Equal((1, 0, 0, 0), report.Counts());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Refused_lines_come_back_in_the_columns_of_the_file_and_go_in_when_mended(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        const string Header =
            "x-old-key,registrationNumber,vin,documentReferenceNumber,make,colour,vehicleClass,dateOfFirstRegistration,state,stateSince,heldBy";
        var content =
            Header
            + "\n"
            + "1,AB12CDE,SALVA2AE4EH877322,12345678901,EXAMPLE,BLUE,car,2012-03-01,inTrade,2020-01-01,org_dealer1\n"
            + "2,AB12CDF,SALVA2AE4EH87732,12345678901,\"=EXAMPLE, SONS\",BLUE,car,2012-03-01,inTrade,2020-01-01,org_dealer1\n"
            + "3,AB12CDG,\"SALVA2AE4EH877323,12345678901\n"
            + "4,AB12CDH,SALVA2AE4EH877324,12345678901,EXAMPLE,BLUE,car,2012-03-01,inTrade,01/01/2020,org_dealer1\n";

        using var refused = new MemoryStream();
        var report = await host.Import(Encoding.UTF8.GetBytes(content), refused);

        Assert.Equal((1, 0, 0, 3), report.Counts());
        var lines = Encoding.UTF8.GetString(refused.ToArray()).Split("\r\n");
        Assert.Equal(5, lines.Length);
        Assert.Equal(Header + ",reason", lines[0]);
        Assert.StartsWith(
            "2,AB12CDF,SALVA2AE4EH87732,12345678901,\"'=EXAMPLE, SONS\",BLUE,car,2012-03-01,inTrade,2020-01-01,org_dealer1,",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Contains(",vin.format: The VIN has 16 letters", lines[1].Replace("\"", ""), StringComparison.Ordinal);
        Assert.StartsWith("\"3,AB12CDG,\"\"SALVA2AE4EH877323,12345678901\",,,", lines[2], StringComparison.Ordinal);
        Assert.Contains("row.quote: ", lines[2], StringComparison.Ordinal);

        // As it is, it comes back just so; mended, it goes in.
        using var again = new MemoryStream();
        await host.Import(refused.ToArray(), again);
        Assert.Equal(lines[..2], Encoding.UTF8.GetString(again.ToArray()).Split("\r\n")[..2]);
        var mended = string.Join(
            "\r\n",
            lines[0],
            lines[1].Replace("SALVA2AE4EH87732,", "SALVA2AE4EH877325,", StringComparison.Ordinal),
            lines[3].Replace("01/01/2020", "2020-01-01", StringComparison.Ordinal)
        );
        Assert.Equal((2, 0, 0, 0), (await host.Import(Encoding.UTF8.GetBytes(mended))).Counts());
        Assert.Equal(
            "=EXAMPLE, SONS",
            await host.QueryRegister<string>("select make from vehicle where registration_number = 'AB12CDF'")
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Refused_objects_come_back_whole_with_their_reason_and_go_in_when_mended(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        var file = RegisterFiles.Ndjson(RegisterFiles.But(("vin", "1"), ("keeper.lastName", "Nîmes")));

        using var refused = new MemoryStream();
        var report = await host.Import([.. "{\"vin\": broken\n"u8, .. file], refused);

        Assert.Equal((0, 0, 0, 2), report.Counts());
        var lines = Encoding.UTF8.GetString(refused.ToArray()).Split('\n');
        Assert.Equal(3, lines.Length);
        var unreadable = JsonNode.Parse(lines[0])!;
        Assert.Equal("{\"vin\": broken", (string?)unreadable["x-row"]);
        Assert.StartsWith("row.unreadable: ", (string?)unreadable["reason"], StringComparison.Ordinal);
        var whole = JsonNode.Parse(lines[1])!.AsObject();
        Assert.StartsWith("vin.format: ", (string?)whole["reason"], StringComparison.Ordinal);
        Assert.Contains("Nîmes", lines[1], StringComparison.Ordinal);
        whole.Remove("reason");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(file), whole));

        using var again = new MemoryStream();
        await host.Import(refused.ToArray(), again);
        Assert.Equal(lines[1], Encoding.UTF8.GetString(again.ToArray()).Split('\n')[1]);
        var mended = lines[1].Replace("\"vin\":\"1\"", "\"vin\":\"SALVA2AE4EH877322\"", StringComparison.Ordinal);
        Assert.Equal((1, 0, 0, 0), (await host.Import(Encoding.UTF8.GetBytes(mended))).Counts());
    }

    [Fact]
    public async Task A_file_that_was_cut_off_says_so_and_goes_in_as_far_as_it_was_read()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var packed = RegisterFiles.Gzip(RegisterFiles.Csv(RegisterFiles.Many(50_000)));
        var report = await host.Import(packed[..^20]);
        Assert.Equal("file.unreadable", report.Stopped?.Refusal.Code);
        Assert.False(report.AllWentIn);
        Assert.Equal(report.Read, report.Loaded);
        Assert.Equal(report.Loaded, await host.QueryRegister<long>("select count(*) from vehicle"));
    }

    [Theory]
    [InlineData("", "file.empty")]
    [InlineData("registrationNumber,paint\nAB12CDE,red\n", "file.unknown-column")]
    [InlineData("[{}]", "file.unknown-column")]
    public async Task A_file_that_is_no_register_takes_nothing_in(string content, string reason)
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var report = await host.Import(Encoding.UTF8.GetBytes(content));
        Assert.Equal((0, 0, 0, 0), report.Counts());
        Assert.Equal(reason, report.Stopped?.Refusal.Code);
        Assert.False(report.AllWentIn);
    }
}
