namespace TradeApi.Rules;

/// <summary>Step 4: what the vehicle's record says, all at once.</summary>
public static class RecordRules
{
    /// <summary>The rule that stands alone when it applies: the event is recorded already.</summary>
    public static readonly Rule AlreadyRecorded = new(
        "duplicate.already-recorded",
        "Another notice of yours has recorded this very event: the same vehicle, type and date. There is nothing more to send.",
        @case => @case.AlreadyRecorded
    )
    {
        About = Fields.EventDate,
    };

    /// <summary>The refusal of each state in which a type of notice is not allowed.</summary>
    public static readonly IReadOnlyList<Rule> OfState =
    [
        State(
            VehicleState.WithKeeper,
            "vehicle.keeper-on-record",
            "A keeper is on the record. Notify first that the vehicle was taken into trade, with that keeper's consent."
        ),
        State(
            VehicleState.InTrade,
            "vehicle.already-in-trade",
            "The vehicle is in trade already, so there is no keeper to take it from. If you hold it, notify what happens to it next."
        ),
        State(
            VehicleState.WithInsurer,
            "vehicle.with-insurer",
            "An insurer has taken the vehicle. Check the mark; the insurer notifies what becomes of it."
        ),
        State(
            VehicleState.KeeperDeceased,
            "vehicle.keeper-deceased",
            "The keeper has died, so the record cannot be changed in this way. The executors' disposal, transfer or export may be notified, with executorConsent."
        ),
        State(
            VehicleState.Exported,
            "vehicle.exported",
            "The vehicle is recorded as exported for good. It must be registered again first; a motor trader notifies that with a returnFromExport."
        ),
        State(
            VehicleState.Destroyed,
            "vehicle.destroyed",
            "The vehicle is recorded as destroyed. Nothing can follow; check the mark."
        ),
    ];

    /// <summary>The refusal of a type that asks for a keeper where there is none.</summary>
    public static readonly Rule NoKeeper = new(
        "vehicle.no-keeper",
        "No keeper is on the record: the vehicle was taken into trade or by an insurer. Check the mark.",
        @case => @case.Record.State is VehicleState.InTrade or VehicleState.WithInsurer
    )
    {
        About = Fields.RegistrationNumber,
    };

    /// <summary>A person at the register must look.</summary>
    // Why a person must look is never told: a thief must not learn that the mark is reported.
    public static readonly Rule RegisterCheck = new(
        "referred.register-check",
        "A person at the register must look before this is recorded. If the notice is referred, you are told the decision; do not send it again.",
        @case => @case.Record.Stolen || @case.Record.DisputeOpen || @case.Record.UnderGuard
    )
    {
        About = Fields.RegistrationNumber,
        Severity = Severity.Refer,
    };

    /// <summary>The rules that every type of notice has.</summary>
    public static readonly IReadOnlyList<Rule> Common =
    [
        new(
            "date.before-first-registration",
            "The event date lies before the vehicle was first registered. Check the date and the mark.",
            @case => @case.Change.EventDate < @case.Record.DateOfFirstRegistration
        )
        {
            About = Fields.EventDate,
        },
        new(
            "date.before-last-event",
            "The event date lies before the last event on the record, such as the keeper's start or the disposal. Check the date.",
            DateIsBeforeLastEvent
        )
        {
            About = Fields.EventDate,
        },
        new(
            "mileage.lower-than-last",
            "The mileage is lower than the last one notified. The notice is not held up; check the reading.",
            @case => @case.Change.Mileage < @case.Record.LastMileage
        )
        {
            About = Fields.Mileage,
            Severity = Severity.Note,
        },
        RegisterCheck,
    ];

    /// <summary>A category A or B vehicle may only be destroyed; from an insurer only S and N go back on the road.</summary>
    public static readonly Rule CategoryForbids = new(
        "salvage.category-forbids",
        "The insurer's category does not let this vehicle back on the road: A and B may only be destroyed, and from an insurer only S and N are sold.",
        @case =>
            @case.Record.SalvageCategory is 'A' or 'B'
            || (
                @case.Record is { State: VehicleState.WithInsurer, SalvageCategory: not ('S' or 'N') }
                && AllowedInState(@case)
            )
    )
    {
        About = Fields.RegistrationNumber,
    };

    /// <summary>The document of a fleet's vehicle counts only once it has been issued.</summary>
    public static readonly Rule DocumentSuppressed = new(
        "document.suppressed",
        "The fleet's document for this vehicle has not been issued. The fleet asks for it with a documentRequest first.",
        @case => @case.Record.DocumentSuppressed && @case.Change.DocumentReferenceNumber is not null
    )
    {
        About = Fields.DocumentReferenceNumber,
    };

    /// <summary>The executors act for a keeper who has died.</summary>
    public static readonly Rule ExecutorConsent = new(
        "consent.executor",
        "The keeper has died: the executors must agree. Send executorConsent true when they do.",
        @case => @case.Record.State == VehicleState.KeeperDeceased && @case.Change.ExecutorConsent != true
    )
    {
        About = Fields.ExecutorConsent,
    };

    /// <summary>Another trader's stock: possible after a sale between traders that was never notified.</summary>
    public static readonly Rule HeldByAnother = new(
        "trade.held-by-another",
        "The vehicle stands in another trader's stock. If you have it, repeat the notice with this code in confirmations; that trader is told.",
        @case => @case.Record is { State: VehicleState.InTrade, HeldBy: { } holder } && holder != @case.ActingFor!.Id
    )
    {
        About = Fields.RegistrationNumber,
        Severity = Severity.Confirm,
    };

    internal static void Judge(Case @case, List<Finding> findings)
    {
        if (AlreadyRecorded.Judge(@case) is { } already)
        {
            findings.Add(already);
            return;
        }
        var type = @case.Change.Type!;
        if (!AllowedInState(@case))
            findings.Add(type.RefusalIn(@case.Record.State).ToFinding());
        type.RecordRules.Judge(@case, findings);
        Common.Judge(@case, findings);
    }

    // What the keeper did or suffered before the death may be notified after it: a crash, a sale.
    static bool DateIsBeforeLastEvent(Case @case) =>
        @case.Change.EventDate
        < (
            @case.Record is { State: VehicleState.KeeperDeceased, KeeperSince: { } since }
                ? since
                : @case.Record.StateSince
        );

    static bool AllowedInState(Case @case) => @case.Change.Type!.AllowedIn.Contains(@case.Record.State);

    static Rule State(VehicleState state, string code, string sentence) =>
        new(code, sentence, @case => @case.Record.State == state) { About = Fields.RegistrationNumber };
}
