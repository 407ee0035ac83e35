using Dapper;
using TradeApi.Database;
using TradeApi.Tests.Faults;

namespace TradeApi.Tests.Commands;

/// <summary>What staff see of guessing, and how they lift a guard.</summary>
public class GuardCommandsOfStaff
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Staff_see_guards_and_holds_and_lift_a_guard_with_a_reason_that_is_kept(string database)
    {
        await using var program = await HostProcess.Prepare(database);
        Assert.Equal((0, ""), await program.Run("guard", "list"));
        await using var stores = program.OpenStores();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var register in stores.Registers)
        {
            await Execute(
                register,
                """
                insert into guarded_mark (registration_number, since) values ('AB12CDE', @Now), ('AB12CDF', @Now);
                insert into wrong_proof (registration_number, organisation_id, proof_hash, made_at)
                     values ('AB12CDE', 'org_one', @Hash, @Now), ('AB12CDF', 'org_one', @Hash, @Now);
                insert into held_organisation (organisation_id, since, next_notice_at)
                     values ('org_one', @Now, @Now), ('org_other', @Now, @Now);
                insert into proof_hour (organisation_id, hour, notices, wrong)
                     values ('org_one', @Now, 100, 21), ('org_other', @Now, 100, 20)
                """,
                new { Now = now, Hash = new byte[32] }
            );
        }

        var (exitCode, listed) = await program.Run("guard", "list", "--live");
        Assert.Equal(0, exitCode);
        Assert.Matches(
            "^guarded AB12CDE since [0-9T:-]+Z\nguarded AB12CDF since [0-9T:-]+Z\nheld org_one since [0-9T:-]+Z: 21 of 100 proofs in 24 hours were wrong\n$",
            listed
        );

        string[] lift = ["guard", "lift", "--by", "an.officer", "--because", "The keeper called"];
        Assert.Equal(
            (1, "The audit names no marks: give the reason without it.\n"),
            await program.Run("guard", "lift", "AB12CDE", "--by", "an.officer", "--because", "About ab12 cde")
        );
        Assert.Equal((1, "That is no registration number.\n"), await program.Run([.. lift, "AB"]));
        Assert.Equal((1, "That mark is not under guard.\n"), await program.Run([.. lift, "AB12CDG"]));
        Assert.Equal(1, (await program.Run("guard", "lift", "AB12CDE", "--by", "an.officer")).ExitCode);
        Assert.Equal((0, "The guard is lifted.\n"), await program.Run([.. lift, "ab12 cde"]));

        Assert.Equal(["AB12CDF"], await Query(stores.Sandbox, "select registration_number from guarded_mark"));
        Assert.Equal(["AB12CDF"], await Query(stores.Sandbox, "select registration_number from wrong_proof"));
        Assert.Equal(2, (await Query(stores.Live, "select registration_number from guarded_mark")).Count);
        Assert.Equal(
            ["an.officer no vehicle sandbox: The keeper called"],
            await Query(
                stores.Control,
                "select actor || ' ' || subject || ' ' || detail from audit_entry where action = 'guard.lifted'"
            )
        );
    }

    static async Task Execute(Store store, string sql, object parameters)
    {
        await using var transaction = await store.Begin();
        await transaction.Connection.ExecuteAsync(sql, parameters, transaction.Inner);
        await transaction.Commit();
    }

    static async Task<List<string>> Query(Store store, string sql)
    {
        await using var connection = await store.Open();
        return (await connection.QueryAsync<string>(sql)).AsList();
    }
}
