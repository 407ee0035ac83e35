using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using TradeApi.Database;
using TradeApi.Disputes;
using TradeApi.Http;
using TradeApi.KeeperChanges;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Commands;

/// <summary>
/// What the staff of the register decide: referred notices, disputes, and reversals that partners may not make. Each
/// decision is audited with who made it and why.
/// </summary>
static class StaffCommands
{
    static readonly Argument<string> Id = new("id") { Description = "The id, with its prefix." };
    static readonly Option<bool> Live = new("--live") { Description = "In the live register instead of the sandbox." };
    static readonly Option<string> By = new("--by") { Description = "Who decides.", Required = true };
    static readonly Option<string> Because = new("--because")
    {
        Description = "Why; for the audit only, partners are not told.",
        Required = true,
    };

    public static Command Referral()
    {
        var list = new Command("list", "Lists the notices that wait for a decision, the oldest first.") { Live };
        list.SetAction((arguments, cancel) => With(arguments, (staff, _) => staff.ListReferrals(cancel)));
        var take = new Command("take", "Takes a referred notice: it is recorded now.") { Id, Live, By, Because };
        take.SetAction((arguments, cancel) => With(arguments, (staff, id) => staff.Decide(id, taken: true, cancel)));
        var refuse = new Command("refuse", "Refuses a referred notice.") { Id, Live, By, Because };
        refuse.SetAction((arguments, cancel) => With(arguments, (staff, id) => staff.Decide(id, taken: false, cancel)));
        return new Command("referral", "The notices that a person must look at.") { list, take, refuse };
    }

    public static Command Dispute()
    {
        var list = new Command("list", "Lists the open disputes, the oldest first.") { Live };
        list.SetAction((arguments, cancel) => With(arguments, (staff, _) => staff.ListDisputes(cancel)));
        var uphold = new Command(
            "uphold",
            "Closes a dispute: the organisation that opened it is right. Reverse the notice with its own command."
        )
        {
            Id,
            Live,
            By,
            Because,
        };
        uphold.SetAction((arguments, cancel) => With(arguments, (staff, id) => staff.Close(id, upheld: true, cancel)));
        var reject = new Command("reject", "Closes a dispute: the notice stands.") { Id, Live, By, Because };
        reject.SetAction((arguments, cancel) => With(arguments, (staff, id) => staff.Close(id, upheld: false, cancel)));
        return new Command("dispute", "The disputes that organisations have opened.") { list, uphold, reject };
    }

    public static Command Reverse()
    {
        var command = new Command(
            "reverse",
            "Takes an accepted notice back, a destruction too, while it is the vehicle's last event."
        )
        {
            Id,
            Live,
            By,
            Because,
        };
        command.SetAction((arguments, cancel) => With(arguments, (staff, id) => staff.Reverse(id, cancel)));
        return command;
    }

    static Task<int> With(ParseResult arguments, Func<StaffDesk, string, Task<int>> action) =>
        CommandLine.With(
            (stores, clock) =>
                action(
                    new StaffDesk(
                        stores,
                        clock,
                        arguments.GetValue(Live) ? "live" : "sandbox",
                        arguments.CommandResult.Command.Options.Contains(By) ? arguments.GetValue(By)! : "",
                        arguments.CommandResult.Command.Options.Contains(Because) ? arguments.GetValue(Because)! : ""
                    ),
                    arguments.CommandResult.Command.Arguments.Contains(Id) ? arguments.GetRequiredValue(Id) : ""
                )
        );
}

/// <summary>The register as its staff work on it from the command line.</summary>
sealed class StaffDesk(Stores stores, TimeProvider clock, string environment, string by, string because)
{
    readonly VehicleRegister register = new(
        environment,
        stores.Register(environment),
        stores.Control,
        clock,
        NullLogger.Instance
    );

    public async Task<int> ListReferrals(CancellationToken cancel)
    {
        await using var connection = await register.Store.Open(cancel);
        var rows = await connection.QueryAsync<ReferralRow>(
            """
            select k.keeper_change_id, k.type, k.organisation_id, k.received_at, k.event_date, v.stolen, v.dispute_open
              from keeper_change k
              join vehicle v on v.vehicle_id = k.vehicle_id
             where k.outcome = 'referred'
             order by k.received_at, k.keeper_change_id
            """
        );
        foreach (var row in rows)
            await Console.Out.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Ids.KeeperChange(row.KeeperChangeId)}  {row.ReceivedAt:yyyy-MM-dd HH:mm}  {row.Type} of {row.EventDate:yyyy-MM-dd} by {row.OrganisationId}: {row.Why}"
                )
            );
        return 0;
    }

    public async Task<int> Decide(string id, bool taken, CancellationToken cancel)
    {
        var notices = new LaterNotices(register, clock);
        if (
            !Ids.TryRead("kc_", id, out var keeperChangeId)
            || await notices.Find(keeperChangeId, cancel) is not { } notice
        )
            return Failed("There is no such notice.");
        if (notice.Outcome != "referred")
            return Failed($"The notice is {notice.Outcome}; it does not wait for a decision.");
        // Audited first, so that nothing is ever decided by staff without an entry; an entry may be of a mere attempt.
        await Note(taken ? "referral.taken" : "referral.refused", id, cancel);
        var answer = await notices.Decide(notice, taken, cancel);
        if (answer.Replayed)
            return Failed($"The notice has been decided meanwhile: {answer.Decision!.Outcome}.");
        if (answer.Outcome == Outcome.Referred)
        {
            foreach (var finding in FindingText.Read(answer.Decision!.Findings))
                await Console.Error.WriteLineAsync($"{finding.Code}: {finding.Message}");
            return Failed("The record does not allow the notice any more, so it cannot be taken. Nothing was decided.");
        }
        return Done($"{id} is {answer.Decision!.Outcome}.");
    }

    public async Task<int> Reverse(string id, CancellationToken cancel)
    {
        var notices = new LaterNotices(register, clock);
        if (
            !Ids.TryRead("kc_", id, out var keeperChangeId)
            || await notices.Find(keeperChangeId, cancel) is not { } notice
        )
            return Failed("There is no such notice.");
        await Note("keeper-change.reversed", id, cancel);
        var answer = await notices.Post(
            notice,
            LaterNotice.Read(LaterKind.Reversal, []),
            Staff.Id,
            Staff.Id,
            "{}"u8.ToArray(),
            key: null,
            byStaff: true,
            cancel
        );
        if (answer.Outcome != Outcome.Accepted)
        {
            foreach (var finding in FindingText.Read(answer.Decision!.Findings))
                await Console.Error.WriteLineAsync($"{finding.Code}: {finding.Message}");
            return Failed("The notice was not reversed.");
        }
        return Done($"{id} is reversed by {Ids.KeeperChange(answer.Decision!.KeeperChangeId)}.");
    }

    public async Task<int> ListDisputes(CancellationToken cancel)
    {
        foreach (var dispute in await DisputeStore.OpenOnes(register.Store, cancel))
            await Console.Out.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Ids.Dispute(dispute.DisputeId)}  {dispute.OpenedAt:yyyy-MM-dd HH:mm}  of {Ids.KeeperChange(dispute.KeeperChangeId)} by {dispute.OrganisationId}: {JsonSerializer.Serialize(dispute.Reason, Json.Options)}"
                )
            );
        return 0;
    }

    public async Task<int> Close(string id, bool upheld, CancellationToken cancel)
    {
        await Note(upheld ? "dispute.upheld" : "dispute.rejected", id, cancel);
        if (
            !Ids.TryRead("dis_", id, out var disputeId)
            || await new DisputeStore(stores, clock).Close(register.Store, disputeId, upheld, cancel) is not { } dispute
        )
            return Failed("There is no such open dispute.");
        return Done(
            upheld
                ? $"{id} is upheld. To take the notice back: reverse {Ids.KeeperChange(dispute.KeeperChangeId)}"
                : $"{id} is rejected; the notice stands."
        );
    }

    Task Note(string action, string subject, CancellationToken cancel) =>
        Audit.Write(stores.Control, clock.Now(), by, action, subject, because, cancel);

    static int Done(string message)
    {
        Console.Out.WriteLine(message);
        return 0;
    }

    static int Failed(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }

    sealed record ReferralRow
    {
        public Guid KeeperChangeId { get; init; }
        public string Type { get; init; } = "";
        public string OrganisationId { get; init; } = "";
        public DateTimeOffset ReceivedAt { get; init; }
        public DateOnly? EventDate { get; init; }
        public bool Stolen { get; init; }
        public bool DisputeOpen { get; init; }

        // Neither of the two: then it is the mark that is under guard.
        public string Why =>
            string.Join(
                ", ",
                [
                    .. Stolen ? ["reported stolen"] : Array.Empty<string>(),
                    .. DisputeOpen ? ["dispute open"] : Array.Empty<string>(),
                ]
            )
                is { Length: > 0 } why
                ? why
                : "mark under guard";
    }
}
