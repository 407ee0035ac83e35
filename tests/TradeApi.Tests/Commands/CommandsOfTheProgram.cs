using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using TradeApi.Database;
using TradeApi.Tests.Faults;

namespace TradeApi.Tests.Commands;

/// <summary>The commands as an operator runs them: what they print, what they leave, and how they end.</summary>
public class CommandsOfTheProgram
{
    const string Organisations = """
        {
          "organisations": [
            { "id": "org_good", "name": "Good & Sons", "kind": "motorTrader" },
            { "id": "org bad", "name": "Spaces", "kind": "motorTrader" },
            { "id": "org_kind", "name": "Kind", "kind": "dealer" },
            { "id": "org_nameless", "kind": "insurer" },
            { "id": "org_nul", "name": "a\u0000b", "kind": "insurer" },
            "org_text",
            { "id": "org_vendor", "name": "Vendor", "kind": "softwareVendor" }
          ],
          "mandates": [
            { "id": "man_good", "grantedBy": "org_good", "actingOrganisation": "org_vendor", "eventTypes": ["disposalToTrade"], "endsOn": "2030-12-31" },
            { "id": "man_day", "grantedBy": "org_good", "actingOrganisation": "org_vendor", "eventTypes": ["disposalToTrade"], "endsOn": "31/12/2026" },
            { "id": "man_type", "grantedBy": "org_good", "actingOrganisation": "org_vendor", "eventTypes": [7] },
            { "id": "man_none", "grantedBy": "org_good", "actingOrganisation": "org_vendor", "eventTypes": [] },
            { "id": "man_state", "grantedBy": "org_good", "actingOrganisation": "org_vendor", "eventTypes": ["disposalToTrade"], "state": "on" },
            null
          ]
        }
        """;

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Migrating_twice_changes_nothing_and_another_age_of_the_data_is_refused(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        Assert.Equal((0, "The three stores have the schema of this program.\n"), await program.Run("migrate"));
        await using var stores = program.OpenStores();
        var before = await Applied(stores);
        Assert.Equal(0, (await program.Run("migrate")).ExitCode);
        Assert.Equal(before, await Applied(stores));

        await Execute(
            stores.Sandbox,
            "update schema_migration set checksum = 'other' where name = '0001_register.sql'"
        );
        var changed = await program.Run("migrate");
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("0001_register.sql of the store 'sandbox' differs", changed.Output, StringComparison.Ordinal);

        var right = await Checksum(stores.Live);
        await Execute(
            stores.Sandbox,
            $"update schema_migration set checksum = '{right}' where name = '0001_register.sql'"
        );
        Assert.Equal(0, (await program.Run("migrate")).ExitCode);

        await Execute(
            stores.Control,
            "insert into schema_migration (name, checksum, applied_at) select '9999_later.sql', checksum, applied_at from schema_migration where name = '0001_partners.sql'"
        );
        var unknown = await program.Run("migrate");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("9999_later.sql, which this program does not know", unknown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Importing_organisations_names_what_it_cannot_take_and_takes_the_rest(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        var file = await program.Write("organisations.json", Organisations);

        var (exitCode, output) = await program.Run("import", "organisations", file);

        Assert.Equal(1, exitCode);
        Assert.Contains("3 loaded, 0 already there, 10 refused", output, StringComparison.Ordinal);
        foreach (
            var line in new[]
            {
                "organisations, item 2: id must be",
                "organisations, item 3: kind must be",
                "organisations, item 4: name is missing",
                "organisations, item 5: name is missing",
                "organisations, item 6: id must be",
                "mandates, item 2: endsOn must be a date",
                "mandates, item 3: eventTypes must name",
                "mandates, item 4: eventTypes must name",
                "mandates, item 5: state must be",
                "mandates, item 6: id is missing",
            }
        )
            Assert.Contains(line, output, StringComparison.Ordinal);
        await using var stores = program.OpenStores();
        var before = await Content(stores);
        Assert.Equal((exitCode, output), await program.Run("import", "organisations", file));
        Assert.Equal(before, await Content(stores));

        foreach (var broken in new[] { "{", "[]", "{}", "{\"organisations\": {}}", "" })
        {
            var refused = await program.Run("import", "organisations", await program.Write("broken.json", broken));
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("The file ", refused.Output, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await program.Run("import", "organisations", "/nowhere.json")).ExitCode);
        Assert.Equal(before, await Content(stores));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Importing_a_register_names_each_bad_line_and_a_repeat_changes_nothing(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        const string Header =
            "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,heldBy,keeper.lastName,stolen\n";
        var file = await program.Write(
            "register.csv",
            Header
                + "AA20AAA,VF9ZZZ77ZHC000001,10000000001,FORD,car,2020-03-10,withKeeper,2020-03-10,,Name,\n"
                + "AA20AAB,VF9ZZZ77ZHC000002,10000000002,FORD,car,2020-03-10,withKeeper,2020-03-10,,,\n"
                + "\n"
                + "AA20AAC,VF9,10000000003,FORD,car,2020-03-10,withKeeper,2020-03-10,,Name,\n"
                + "AA20AAD,VF9ZZZ77ZHC000004,1,FORD,car,2020-03-10,inTrade,2020-03-10,org_good,,\n"
                + "AA20AAE,VF9ZZZ77ZHC000005,10000000005,FORD,car,10/03/2020,inTrade,2020-03-10,org_good,,\n"
                + "AA20AAF,VF9ZZZ77ZHC000006,10000000006,FORD,car,2020-03-10,parked,2020-03-10,,,\n"
                + "AA20AAG,VF9ZZZ77ZHC000007,10000000007,F\0RD,car,2020-03-10,inTrade,2020-03-10,org_good,,\n"
                + "AA20AAH,VF9ZZZ77ZHC000008,10000000008,FORD,car,2020-03-10,inTrade,2020-03-10,org_good,,perhaps\n"
                + "AA20AAJ,VF9ZZZ77ZHC000009,10000000009,FORD,car,2020-03-10,inTrade,2020-03-10,org_good,,,too,many\n"
                + "AA20AAK,\"VF9ZZZ77ZHC000010,10000000010\n"
                + "aa20 aaa,VF9ZZZ77ZHC000011,10000000011,FORD,car,2020-03-10,inTrade,2020-03-10,org_good,,\n"
                + "AA20AAM,VF9ZZZ77ZHC000012,10000000012,FORD,car,2020-03-10,inTrade,2020-03-10,org_good,,\n"
        );

        var (exitCode, output) = await program.Run("import", "register", file);

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "12 read = 2 loaded + 0 unchanged + 0 changed + 10 refused\n",
            output,
            StringComparison.Ordinal
        );
        foreach (
            var line in new[]
            {
                "line 3: keeper.lastName.missing: ",
                "line 5: vin.format: ",
                "line 6: documentReferenceNumber.format: ",
                "line 7: dateOfFirstRegistration.format: ",
                "line 8: state.value: ",
                "line 9: make.control-character: ",
                "line 10: stolen.value: ",
                "line 11: row.cells: ",
                "line 12: row.quote: ",
                "line 13: registrationNumber.doubled: ",
            }
        )
            Assert.Contains(line, output, StringComparison.Ordinal);
        await using var stores = program.OpenStores();
        var before = await Content(stores);
        var again = await program.Run("import", "register", file);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains(
            "12 read = 0 loaded + 2 unchanged + 0 changed + 10 refused\n",
            again.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(before, await Content(stores));

        var live = await program.Run(
            "import",
            "register",
            "--live",
            await program.Write(
                "live.csv",
                Header + "AA20AAA,VF9ZZZ77ZHC000001,10000000001,FORD,car,2020-03-10,inTrade,2020-03-10,org_good,,\n"
            )
        );
        Assert.Equal((0, "1 read = 1 loaded + 0 unchanged + 0 changed + 0 refused\n"), live);
        var unknown = await program.Run(
            "import",
            "register",
            await program.Write("unknown.csv", "registrationNumber,paint\nAA20AAA,red\n")
        );
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("paint", unknown.Output, StringComparison.Ordinal);
        Assert.Equal((0, "Clean.\n"), await program.Run("verify"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_client_is_printed_once_and_its_secret_is_kept_nowhere(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        await program.Run("import", "organisations", await program.Write("organisations.json", Organisations));

        var (exitCode, output) = await program.Run("client", "add", "org_good");

        Assert.Equal(0, exitCode);
        var added = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(
            ["clientId", "clientSecret", "environment", "organisation"],
            added.Select(member => member.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal(("sandbox", "org_good"), ((string)added["environment"]!, (string)added["organisation"]!));
        await using var stores = program.OpenStores();
        Assert.DoesNotContain(
            (string)added["clientSecret"]!,
            await Everything(stores.Control),
            StringComparison.Ordinal
        );
        Assert.Contains((string)added["clientId"]!, await Everything(stores.Control), StringComparison.Ordinal);

        var unknown = await program.Run("client", "add", "org_unknown");
        Assert.Equal((1, "There is no organisation 'org_unknown'.\n"), unknown);
        var early = await program.Run("client", "add", "org_good", "--live");
        Assert.Equal(1, early.ExitCode);
        Assert.Contains(
            "'org_good' is sandbox, so it cannot have a client of the live register",
            early.Output,
            StringComparison.Ordinal
        );

        await program.Run(
            "import",
            "organisations",
            "--live",
            await program.Write(
                "live.json",
                """{"organisations":[{"id":"org_good","name":"Good & Sons","kind":"motorTrader"}]}"""
            )
        );
        var live = await program.Run("client", "add", "org_good", "--live");
        Assert.Equal((0, "live"), (live.ExitCode, (string?)JsonNode.Parse(live.Output)!["environment"]));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_client_may_ask_for_keepers_when_its_organisation_insures_or_has_a_contract(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        var file = await program.Write(
            "kinds.json",
            """
            {
              "organisations": [
                { "id": "org_insurer", "name": "Insurer", "kind": "insurer" },
                { "id": "org_finance", "name": "Finance", "kind": "financeCompany" },
                { "id": "org_fleet", "name": "Fleet", "kind": "fleetOperator" }
              ],
              "mandates": []
            }
            """
        );
        await program.Run("import", "organisations", file);

        await program.Run("client", "add", "org_insurer");
        await program.Run("client", "add", "org_finance");
        await program.Run("client", "add", "org_fleet", "--keepers");

        await using var stores = program.OpenStores();
        await using var connection = await stores.Control.Open();
        var mayAsk = await connection.QueryAsync<string>(
            "select organisation_id from client where scopes like '%keepers:read%' order by organisation_id"
        );
        Assert.Equal(["org_fleet", "org_insurer"], mayAsk);
        var audited = await connection.QuerySingleAsync<string>(
            "select detail from audit_entry where action = 'client.added' and detail like '%contract%'"
        );
        Assert.Equal("org_fleet sandbox keepers:read by contract", audited);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_client_may_be_added_with_its_public_key(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        await program.Run("import", "organisations", await program.Write("organisations.json", Organisations));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: true);
        var key = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = System.Buffers.Text.Base64Url.EncodeToString(point.Q.X),
            ["y"] = System.Buffers.Text.Base64Url.EncodeToString(point.Q.Y),
        };

        var given = await program.Run("client", "add", "org_good", "--key", key.ToJsonString());
        var inFile = await program.Run(
            "client",
            "add",
            "org_good",
            "--key",
            await program.Write("key.json", key.ToJsonString())
        );
        key["d"] = System.Buffers.Text.Base64Url.EncodeToString(point.D);
        var withPrivatePart = await program.Run("client", "add", "org_good", "--key", key.ToJsonString());
        var noKey = await program.Run("client", "add", "org_good", "--key", "nonsense");

        foreach (var (exitCode, output) in new[] { given, inFile })
        {
            Assert.Equal(0, exitCode);
            Assert.Null(JsonNode.Parse(output)!["clientSecret"]);
        }
        Assert.Equal((1, 1), (withPrivatePart.ExitCode, noKey.ExitCode));
        Assert.DoesNotContain((string)key["d"]!, withPrivatePart.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", withPrivatePart.Output + noKey.Output, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Verifying_ends_with_0_when_clean_and_names_each_breach_when_not(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        await program.Run("migrate");
        Assert.Equal((0, "Clean.\n"), await program.Run("verify"));
        await using var stores = program.OpenStores();
        await Execute(stores.Live, "update ledger_head set size = 1");

        var (exitCode, output) = await program.Run("verify");

        Assert.Equal(1, exitCode);
        Assert.Contains("1 breaches.", output, StringComparison.Ordinal);
        Assert.Contains("live: invariant 1: the head says 1 leaves, there are 0", output, StringComparison.Ordinal);
    }

    static async Task Execute(Store store, string sql)
    {
        await using var transaction = await store.Begin();
        await transaction.Connection.ExecuteAsync(sql, transaction: transaction.Inner);
        await transaction.Commit();
    }

    static async Task<string> Checksum(Store store)
    {
        await using var connection = await store.Open();
        return (
            await connection.ExecuteScalarAsync<string>(
                "select checksum from schema_migration where name = '0001_register.sql'"
            )
        )!;
    }

    static async Task<string> Applied(Stores stores) =>
        string.Join('\n', await Task.WhenAll(stores.All.Select(store => Rows(store, "schema_migration"))));

    static async Task<string> Content(Stores stores)
    {
        var (control, sandbox) = (new[] { "organisation" }, new[] { "mandate", "vehicle", "keepership" });
        return string.Concat(
            await Task.WhenAll(
                control
                    .Select(table => Rows(stores.Control, table))
                    .Concat(sandbox.Select(table => Rows(stores.Sandbox, table)))
            )
        );
    }

    static async Task<string> Everything(Store store) =>
        string.Concat(
            await Task.WhenAll(
                new[] { "organisation", "client", "credential", "signing_key", "audit_entry" }.Select(table =>
                    Rows(store, table)
                )
            )
        );

    static async Task<string> Rows(Store store, string table)
    {
        await using var connection = await store.Open();
        var rows = await connection.QueryAsync($"select * from {table}");
        return string.Join(
            '\n',
            rows.Select(row =>
                    string.Join(
                        '|',
                        ((IDictionary<string, object?>)row).Values.Select(value =>
                            value is byte[] bytes ? Convert.ToBase64String(bytes) : value?.ToString()
                        )
                    )
                )
                .Order(StringComparer.Ordinal)
        );
    }
}
