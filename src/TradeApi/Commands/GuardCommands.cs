using System.CommandLine;
using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules.Values;

namespace TradeApi.Commands;

/// <summary>What staff do about guessing: see which marks are under guard and who is held, and lift a guard.</summary>
static class GuardCommands
{
    public static Command Build()
    {
        var live = new Option<bool>("--live") { Description = "In the live register instead of the sandbox." };
        var list = new Command(
            "list",
            "Names the marks under guard, and the organisations held to one notice a second."
        )
        {
            live,
        };
        list.SetAction(
            (arguments, cancel) =>
                CommandLine.With((stores, clock) => List(Register(stores, arguments.GetValue(live)), clock, cancel))
        );

        var mark = new Argument<string>("mark") { Description = "The registration number." };
        var by = new Option<string>("--by") { Description = "Who lifts it.", Required = true };
        var because = new Option<string>("--because") { Description = "Why, for the audit.", Required = true };
        var lift = new Command("lift", "Takes a mark from under guard and forgets the wrong proofs sent for it.")
        {
            mark,
            live,
            by,
            because,
        };
        lift.SetAction(
            (arguments, cancel) =>
                CommandLine.With(
                    (stores, clock) =>
                        Lift(
                            stores,
                            Register(stores, arguments.GetValue(live)),
                            arguments.GetRequiredValue(mark),
                            arguments.GetRequiredValue(by),
                            arguments.GetRequiredValue(because),
                            clock,
                            cancel
                        )
                )
        );
        return new Command("guard", "Marks under guard against guessing.") { list, lift };
    }

    static Store Register(Stores stores, bool live) => live ? stores.Live : stores.Sandbox;

    static async Task<int> List(Store register, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await register.Open(cancel);
        var marks = await connection.QueryAsync<GuardedMark>(
            """
            select registration_number, since
              from guarded_mark
             order by since, registration_number
            """
        );
        foreach (var row in marks)
            await Console.Out.WriteLineAsync(
                FormattableString.Invariant(
                    $"guarded {row.RegistrationNumber} since {row.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"
                )
            );
        var held = await connection.QueryAsync<HeldOrganisation>(
            """
            select h.organisation_id, h.since, sum(p.notices) as notices, sum(p.wrong) as wrong
              from held_organisation h
              join proof_hour p on p.organisation_id = h.organisation_id
                               and p.hour > @DayAgo
             group by h.organisation_id, h.since
             order by h.since, h.organisation_id
            """,
            new { DayAgo = GuessStore.DayBefore(clock.Now()) }
        );
        // The row goes with the organisation's next notice; until then its numbers say whether it still counts.
        foreach (var row in held.Where(row => Guesses.IsTooMany(row.Wrong, row.Notices)))
            await Console.Out.WriteLineAsync(
                FormattableString.Invariant(
                    $"held {row.OrganisationId} since {row.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {row.Wrong} of {row.Notices} proofs in 24 hours were wrong"
                )
            );
        return 0;
    }

    static async Task<int> Lift(
        Stores stores,
        Store register,
        string text,
        string by,
        string because,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var now = clock.Now();
        var mark = RegistrationNumber.Read(text, LondonDate.Of(now)) is { IsValue: true, Value: { } read }
            ? read.Text
            : throw new InvalidOperationException("That is no registration number.");
        if (because.Replace(" ", "", StringComparison.Ordinal).Contains(mark, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException("The audit names no marks: give the reason without it.");
        await using var transaction = await register.Begin(cancel);
        // First of all the vehicle, like every notice: then no guess is counted in between.
        var vehicle = await transaction.Connection.ExecuteScalarAsync<string?>(
            $"""
            select cast(vehicle_id as text)
              from vehicle
             where registration_number = @Mark
             {(register.IsPostgres ? "for no key update" : "")}
            """,
            new { Mark = mark },
            transaction.Inner
        );
        var lifted = await transaction.Connection.ExecuteAsync(
            "delete from guarded_mark where registration_number = @Mark",
            new { Mark = mark },
            transaction.Inner
        );
        if (lifted == 0)
            throw new InvalidOperationException("That mark is not under guard.");
        await transaction.Connection.ExecuteAsync(
            "delete from wrong_proof where registration_number = @Mark",
            new { Mark = mark },
            transaction.Inner
        );
        // Written first: a guard must not be lifted without a trace, while a trace without effect says only that it was tried.
        await Audit.Write(
            stores.Control,
            now,
            by,
            "guard.lifted",
            vehicle ?? "no vehicle",
            $"{register.Name}: {because}",
            cancel
        );
        await transaction.Commit();
        await Console.Out.WriteLineAsync("The guard is lifted.");
        return 0;
    }

    sealed record GuardedMark
    {
        public string RegistrationNumber { get; init; } = "";
        public DateTimeOffset Since { get; init; }
    }

    sealed record HeldOrganisation
    {
        public string OrganisationId { get; init; } = "";
        public DateTimeOffset Since { get; init; }
        public long Notices { get; init; }
        public long Wrong { get; init; }
    }
}
