using Dapper;
using TradeApi.Tests.Faults;

namespace TradeApi.Tests.Commands;

/// <summary>What staff decide at the command line, while the service runs: referred notices, disputes, reversals.</summary>
public class CommandsOfStaff
{
    static readonly string[] Signed = ["--by", "an.officer", "--because", "Seen at the counter"];

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Staff_decide_what_waits_in_their_queues_and_the_audit_keeps_who_and_why(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        await program.Run(
            "import",
            "organisations",
            await program.Write(
                "organisations.json",
                """
                {"organisations": [{"id": "org_one", "name": "One", "kind": "motorTrader"},
                                   {"id": "org_two", "name": "Two", "kind": "motorTrader"}]}
                """
            )
        );
        await program.Run(
            "import",
            "register",
            await program.Write(
                "register.csv",
                "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,heldBy,stolen,keeper.lastName\n"
                    + "AB20CDE,VF9ZZZ77ZHC000001,20000000001,FORD,car,2020-03-10,withKeeper,2020-03-10,,true,Sample\n"
                    + "AB20CDF,VF9ZZZ77ZHC000002,20000000002,FORD,car,2020-03-10,inTrade,2020-03-10,org_one,,\n"
            )
        );
        var certificates = await program.Write(
            "certificates.csv",
            "certificateNumber,registrationNumber,expiresOn\n1 26112 1030 F10NAA,F10 NAA,2036-01-01\nX,nothing,2036-01-01\n"
        );
        var (imported, report) = await program.Run("import", "certificates", certificates);
        Assert.Equal(1, imported);
        Assert.Matches("^1 loaded, 0 already there, 1 refused\nline 3: registrationNumber: [^\n]+\n$", report);
        await program.Serve();
        var (one, two) = (await program.Partner("org_one"), await program.Partner("org_two"));
        var today = TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", null);
        var referred = (
            await one.Send(Notices.Disposal(new TestVehicle("AB20CDE", "20000000001", ""), date: today))
        ).String("id")!;
        var sold = (
            await two.Send(
                Notices
                    .Acquisition(new TestVehicle("AB20CDF", "20000000002", ""), date: today)
                    .With("confirmations", new System.Text.Json.Nodes.JsonArray("trade.held-by-another"))
            )
        ).String("id")!;
        var dispute = (
            await one.Post(
                "/v1/disputes",
                new System.Text.Json.Nodes.JsonObject { ["keeperChange"] = sold, ["reason"] = "It stands here." }
            )
        ).String("id")!;

        var (_, queue) = await program.Run("referral", "list");
        Assert.Matches(
            $"^{referred}  [0-9-]+ [0-9:]+  disposalToTrade of {today} by org_one: reported stolen\n$",
            queue
        );
        Assert.Equal((0, ""), await program.Run("referral", "list", "--live"));
        Assert.Equal(1, (await program.Run("referral", "take", referred)).ExitCode);
        Assert.Equal((1, "There is no such notice.\n"), await program.Run(["referral", "take", "kc_1", .. Signed]));
        Assert.Equal((0, $"{referred} is accepted.\n"), await program.Run(["referral", "take", referred, .. Signed]));
        Assert.Equal(1, (await program.Run(["referral", "refuse", referred, .. Signed])).ExitCode);

        var (_, disputes) = await program.Run("dispute", "list");
        Assert.Matches($"^{dispute}  [0-9-]+ [0-9:]+  of {sold} by org_one: \"It stands here[.]\"\n$", disputes);
        Assert.Equal(
            (0, $"{dispute} is upheld. To take the notice back: reverse {sold}\n"),
            await program.Run(["dispute", "uphold", dispute, .. Signed])
        );
        Assert.Equal(
            (1, "There is no such open dispute.\n"),
            await program.Run(["dispute", "reject", dispute, .. Signed])
        );
        var (exitCode, reversed) = await program.Run(["reverse", sold, .. Signed]);
        Assert.Equal(0, exitCode);
        Assert.Matches($"^{sold} is reversed by kc_[0-9a-f]{{32}}\\.\n$", reversed);
        Assert.Equal("reversed", (await two.Get($"/v1/keeper-changes/{sold}")).String("outcome"));

        await using var stores = program.OpenStores();
        await using var control = await stores.Control.Open();
        Assert.Equal(
            [
                $"an.officer {dispute} Seen at the counter",
                $"an.officer {referred} Seen at the counter",
                $"an.officer {sold} Seen at the counter",
            ],
            (
                await control.QueryAsync<string>(
                    """
                    select distinct actor || ' ' || subject || ' ' || detail as entry
                      from audit_entry
                     where action in ('referral.taken', 'dispute.upheld', 'keeper-change.reversed')
                     order by entry
                    """
                )
            ).Order(StringComparer.Ordinal)
        );
        Assert.Equal((0, "Clean.\n"), await program.Run("verify"));
    }
}
