using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Submissions;

/// <summary>What became of each row, in every form, and the way back: corrections mended and sent again.</summary>
public class ResultsAndCorrections(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Results_come_in_row_order_as_lines_as_a_table_and_in_pages(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var rows = (await host.AddVehicles(1207)).Select(v => Notices.Disposal(v)).ToList();
        for (var i = 0; i < rows.Count; i += 3)
            rows[i] = rows[i].With("keeperConsent", false);
        var id = (await partner.SendFile(Notices.File(rows))).String("id")!;
        var path = $"/v1/submissions/{id}/results";

        var lines = await partner.Results(id);
        Assert.Equal(Enumerable.Range(1, 1207), lines.Select(row => (int)row["rowNumber"]!));
        var accepted = await partner.Results(id, "?outcome=accepted");
        Assert.Equal(804, accepted.Count);
        Assert.All(accepted, row => Assert.Equal("accepted", (string)row["outcome"]!));
        Assert.Empty(await partner.Results(id, "?outcome=unprocessed"));

        var table = await partner.Get(path, "text/csv");
        Assert.Equal("text/csv; charset=utf-8", table.Header("Content-Type"));
        var cells = table.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("rowNumber,clientReference,outcome,keeperChangeId,receiptReference,findings", cells[0]);
        Assert.Equal(1208, cells.Length);
        Assert.StartsWith($"1,{rows[0]["clientReference"]},refused,kc_", cells[1], StringComparison.Ordinal);
        Assert.Contains("consent.keeper /keeperConsent: ", cells[1], StringComparison.Ordinal);
        Assert.Equal(
            $"2,{rows[1]["clientReference"]},accepted,{lines[1]["keeperChangeId"]},{lines[1]["receiptReference"]},",
            cells[2]
        );

        var paged = new List<string>();
        var next = path + "?limit=150";
        for (var pages = 0; next is not null; pages++)
        {
            Assert.True(pages < 9);
            var page = await partner.Get(next, "application/json");
            paged.AddRange(page.Json["items"]!.AsArray().Select(row => row!.ToJsonString()));
            next = LinkOf(page);
        }
        Assert.Equal(lines.Select(row => row.ToJsonString()), paged);
        Assert.Equal(50, (await partner.Get(path)).Json["items"]!.AsArray().Count);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C154_what_is_accepted_decides_the_form_and_nothing_else_is_offered(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var id = (await partner.SendFile(Notices.File(Notices.Disposal(await host.AddVehicle())))).String("id")!;
        (string? Accept, string? Expected)[] cases =
        [
            (null, "application/json"),
            ("*/*", "application/json"),
            ("*/*;q=0.1", "application/json"),
            ("application/json; charset=utf-8", "application/json"),
            ("text/*", "text/csv"),
            ("text/html, text/csv;q=0.5, application/x-ndjson;q=0.9", "application/x-ndjson"),
            ("TEXT/CSV", "text/csv"),
            ("application/xml", null),
            ("text/csv;q=0", null),
        ];
        foreach (var (accept, expected) in cases)
        {
            var reply = await partner.Get($"/v1/submissions/{id}/results", accept);
            Assert.Equal(expected ?? "application/problem+json", reply.ContentHeaders.ContentType!.MediaType);
            Assert.Equal(expected is null ? 406 : 200, reply.Status);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Parameters_that_are_none_answer_400(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var id = (await partner.SendFile(Notices.File(Notices.Disposal(await host.AddVehicle())))).String("id")!;
        string[] paths =
        [
            $"/v1/submissions/{id}/results?outcome=Accepted",
            $"/v1/submissions/{id}/results?outcome=",
            $"/v1/submissions/{id}/results?limit=0",
            $"/v1/submissions/{id}/results?limit=201",
            $"/v1/submissions/{id}/results?limit=many",
            $"/v1/submissions/{id}/results?limit=99999999999",
            $"/v1/submissions/{id}/results?cursor=!",
            $"/v1/submissions/{id}/results?cursor=LTE",
            "/v1/submissions?limit=-1",
            "/v1/submissions?cursor=AAAA",
            "/v1/submissions?cursor=",
            "/v1/submissions?limit=1&limit=2",
        ];
        foreach (var path in paths)
        {
            var reply = await partner.Get(path);
            Assert.Equal(400, reply.Status);
            Assert.Equal("application/problem+json", reply.ContentHeaders.ContentType!.MediaType);
        }
        foreach (var cursor in new[] { "MjE0NzQ4MzY0Nw", "OTk5OTk5OTk" })
            Assert.Empty((await partner.Get($"/v1/submissions/{id}/results?cursor={cursor}")).Json["items"]!.AsArray());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Submissions_are_listed_newest_first_page_by_page_and_only_ones_own(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_auction");
        await (await hosts.Partner(database)).SendFile(Notices.File(Notices.Disposal(await host.AddVehicle())));
        var sent = new List<string>();
        for (var i = 0; i < 7; i++)
            sent.Insert(0, (await partner.SendFile("{}"u8.ToArray())).String("id")!);

        var listed = new List<string>();
        for (var next = "/v1/submissions?limit=3"; next is not null; )
        {
            var page = await partner.Get(next);
            Assert.True(page.Json["items"]!.AsArray().Count <= 3);
            listed.AddRange(page.Json["items"]!.AsArray().Select(item => (string)item!["id"]!));
            next = LinkOf(page);
        }

        Assert.Equal(sent, listed);
        var whole = await partner.Get("/v1/submissions");
        Assert.Equal(7, whole.Json["items"]!.AsArray().Count);
        Assert.Null(whole.Header("Link"));
        Assert.Null(whole.Json["nextCursor"]);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Cells_that_a_spreadsheet_would_run_are_neutralised(string database)
    {
        var partner = await hosts.Partner(database);
        string[] formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1"];
        var rows = formulas.Select(text => new JsonObject
        {
            ["clientReference"] = text,
            ["mileage"] = 1,
            ["=cmd|"] = text,
        });
        var id = (await partner.SendFile(Notices.File(rows))).String("id")!;

        var results = (await partner.Get($"/v1/submissions/{id}/results", "text/csv")).Text.Split("\r\n");
        var corrections = (await partner.Get($"/v1/submissions/{id}/corrections")).Text.Split("\r\n");

        foreach (var (text, i) in formulas.Select((text, i) => (text, i + 1)))
        {
            Assert.StartsWith($"{i},'{text},refused,", results[i], StringComparison.Ordinal);
            Assert.Contains($"'{text}", corrections[i], StringComparison.Ordinal);
        }
        Assert.Contains("x-=cmd|", corrections[0], StringComparison.Ordinal);
        var lines = await partner.Results(id);
        Assert.Equal(formulas, lines.Select(row => (string)row["clientReference"]!));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Corrections_of_a_table_have_its_own_columns_and_are_accepted_once_mended(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(4, "inTrade", "org_dealer1");
        const string Header =
            "Type;x-Order No;clientReference;registrationNumber;documentReferenceNumber;eventDate;keeperConsent;taxChoice;newKeeper.title;newKeeper.firstNames;newKeeper.lastName;newKeeper.address.line1;newKeeper.address.postTown;newKeeper.address.postcode;x-Order No;confirmations";
        var csv = new StringBuilder(Header + "\n");
        foreach (var (vehicle, i) in vehicles.Select((vehicle, i) => (vehicle, i)))
            csv.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"acquisitionFromTrade;\"=mine; {i}\";ACQ-{database}-{i};{vehicle.Mark};{vehicle.Document};2026-11-21;{(i % 2 == 0 ? "false" : "true")};none;;\"O''Brien \"\"Bo\"\"\";O'Neill;'1 High Street;Swansea;SA1 1AA;second {i};date.over-12-months keeper.same-as-current\n"
            );
        var text = csv.ToString()
            .Replace("\"O''Brien \"\"Bo\"\"\"", "Siân", StringComparison.Ordinal)
            .Replace("'1 High", "1 High", StringComparison.Ordinal);
        var sent = await partner.SendFile(Encoding.UTF8.GetBytes(text), "text/csv");
        Assert.Equal((2, 2), ((int)sent.Json["rows"]!["accepted"]!, (int)sent.Json["rows"]!["refused"]!));

        var corrections = await partner.Get($"/v1/submissions/{sent.String("id")}/corrections");

        Assert.Equal("text/csv; charset=utf-8", corrections.Header("Content-Type"));
        Assert.Contains("corrections.csv", corrections.Header("Content-Disposition")!, StringComparison.Ordinal);
        var lines = corrections.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"rowNumber,{Header.Replace(';', ',')},findings", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith(
            $"1,acquisitionFromTrade,\"'=mine; 0\",ACQ-{database}-0,",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Contains(",second 0,date.over-12-months keeper.same-as-current,", lines[1], StringComparison.Ordinal);
        Assert.Contains("consent.keeper /keeperConsent", lines[2], StringComparison.Ordinal);

        // Still wrong: the corrections of the corrections are the same rows.
        var unmended = await partner.SendFile(corrections.Bytes, "text/csv");
        Assert.Equal(2, (int)unmended.Json["rows"]!["refused"]!);
        var again = await partner.Get($"/v1/submissions/{unmended.String("id")}/corrections");
        Assert.Equal(lines[0], again.Text.Split("\r\n")[0]);
        Assert.StartsWith(
            "2,acquisitionFromTrade,\"'=mine; 2\"",
            again.Text.Split("\r\n")[2],
            StringComparison.Ordinal
        );

        var mended = await partner.SendFile(
            Encoding.UTF8.GetBytes(again.Text.Replace(",false,", ",true,", StringComparison.Ordinal)),
            "text/csv"
        );
        Assert.Equal(2, (int)mended.Json["rows"]!["accepted"]!);
        Assert.Equal(
            "Siân",
            await host.QueryRegister<string>(
                "select max(first_names) from keepership where started_by is not null and last_name = 'O''Neill'"
            )
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Corrections_of_lines_hold_every_member_and_are_accepted_once_mended(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(3, "inTrade", "org_dealer1");
        var rows = vehicles
            .Select(v =>
                Notices
                    .Acquisition(v)
                    .With("mileage", 41250)
                    .With("confirmations", new JsonArray("date.over-12-months", "trade.held-by-another"))
            )
            .ToList();
        rows[0] = rows[0].With("documentReferenceNumber", 12345678901);
        rows[1] = rows[1].With("colour", "blue, with \"stripes\"").With("newKeeper", Keeper("D'Arcy\nSmith"));
        rows[2] = rows[2].With("eventDate", "21/11/2026");
        var sent = await partner.SendFile([.. Notices.File(rows), .. "{\"broken\": \n[1]\n"u8]);
        Assert.Equal((5, 5), ((int)sent.Json["rows"]!["total"]!, (int)sent.Json["rows"]!["refused"]!));

        var corrections = (await partner.Get($"/v1/submissions/{sent.String("id")}/corrections")).Text;

        var header = corrections.Split("\r\n")[0].Split(',');
        Assert.Equal("rowNumber", header[0]);
        Assert.Equal("findings", header[^1]);
        Assert.Contains("newKeeper.address.postTown", header);
        Assert.Contains("x-colour", header);
        Assert.Contains("x-row", header);
        Assert.Contains("\"blue, with \"\"stripes\"\"\"", corrections, StringComparison.Ordinal);
        Assert.Contains("\"{\"\"broken\"\": \"", corrections, StringComparison.Ordinal);

        var mended = corrections
            .Replace("12345678901", vehicles[0].Document, StringComparison.Ordinal)
            .Replace("\"D'Arcy\nSmith\"", "D'Arcy-Smith", StringComparison.Ordinal)
            .Replace("21/11/2026", "2026-11-21", StringComparison.Ordinal);
        var again = await partner.SendFile(Encoding.UTF8.GetBytes(mended), "text/csv");
        var results = await partner.Results(again.String("id")!);
        Assert.Equal(
            (string[])["accepted", "accepted", "accepted", "refused", "refused"],
            results.Select(row => (string)row["outcome"]!)
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Rows_that_cannot_be_cut_come_back_whole_and_name_their_line(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var csv =
            "rowNumber,type,clientReference\n7,disposalToTrade,a,b,c\n\n8,disp\"osal,d\n9,\"open,e\n10,disposalToTrade,f\n";

        var sent = await partner.SendFile(Encoding.UTF8.GetBytes(csv), "text/csv");

        var results = await partner.Results(sent.String("id")!);
        Assert.Equal(
            [("row.cells", 2), ("row.quote", 4), ("row.quote", 5)],
            results.Take(3).Select(row => (Assert.Single(Reply.CodesOf(row)), (int)row["findings"]![0]!["line"]!))
        );
        Assert.Equal("f", (string)results[3]["clientReference"]!);
        Assert.NotNull(vehicle);
        var lines = (await partner.Get($"/v1/submissions/{sent.String("id")}/corrections")).Text.Split("\r\n");
        Assert.Equal("rowNumber,type,clientReference,findings", lines[0]);
        Assert.StartsWith("1,\"7,disposalToTrade,a,b,c\",,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2,\"8,disp\"\"osal,d\",,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("4,disposalToTrade,f,", lines[4], StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C079_rows_of_json_that_cannot_be_read_say_why_and_in_which_line(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var good = Notices.Disposal(await host.AddVehicle()).ToJsonString();
        var file =
            $"{good}\n   \n{{\"type\":1,\"type\":2}}\n{{bad}}\n[]\n{{\"a\":\"\\ud800\"}}\n{string.Concat(Enumerable.Repeat("{\"a\":", 50))}\n12\n";

        var sent = await partner.SendFile(Encoding.UTF8.GetBytes(file));

        var results = await partner.Results(sent.String("id")!);
        Assert.Equal("accepted", (string)results[0]["outcome"]!);
        Assert.Equal(
            [
                ("row.duplicate-member", 3),
                ("row.unreadable", 4),
                ("row.unreadable", 5),
                ("row.unreadable", 6),
                ("row.unreadable", 7),
                ("row.unreadable", 8),
            ],
            results.Skip(1).Select(row => (Assert.Single(Reply.CodesOf(row)), (int)row["findings"]![0]!["line"]!))
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C087_C088_C090_C037_what_a_spreadsheet_has_changed_is_refused_and_never_repaired(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        (string Mark, string Document, string Date, string Code)[] rows =
        [
            (vehicle.Mark, "1.23457E+10", "2026-11-20", "document-reference.format"),
            (vehicle.Mark, "1234567890", "2026-11-20", "document-reference.format"),
            ("01-Mar", vehicle.Document, "2026-11-20", "registration-number.format"),
            ("May-01", vehicle.Document, "2026-11-20", "registration-number.format"),
            (vehicle.Mark, vehicle.Document, "03/04/2026", "date.format"),
            (vehicle.Mark, vehicle.Document, "31/03/2026", "date.format"),
            (vehicle.Mark, vehicle.Document, "46345", "date.format"),
        ];
        var csv =
            "clientReference,type,keeperConsent,markRightsConsent,registrationNumber,documentReferenceNumber,eventDate\n"
            + string.Concat(
                rows.Select((row, i) => $"R{i},disposalToTrade,true,true,{row.Mark},{row.Document},{row.Date}\n")
            );

        var sent = await partner.SendFile(Encoding.UTF8.GetBytes(csv), "text/csv");

        var results = await partner.Results(sent.String("id")!);
        Assert.Equal(rows.Select(row => row.Code), results.Select(row => Assert.Single(Reply.CodesOf(row))));
    }

    static JsonObject Keeper(string lastName) =>
        new()
        {
            ["lastName"] = lastName,
            ["address"] = new JsonObject
            {
                ["line1"] = "1 Heol y Parc",
                ["postTown"] = "Swansea",
                ["postcode"] = "SA1 1AA",
            },
        };

    static string? LinkOf(Reply page)
    {
        var link = page.Header("Link");
        Assert.Equal(page.Json["nextCursor"] is null, link is null);
        if (link is null)
            return null;
        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }
}
