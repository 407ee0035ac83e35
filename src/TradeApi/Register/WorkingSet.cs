using TradeApi.Ledger;
using TradeApi.Rules;
using TradeApi.Tokens;

namespace TradeApi.Register;

/// <summary>
/// What the register says of everything a batch names, in memory: loaded once, changed by each decision so that the
/// next one sees it, and saved in one go.
/// </summary>
sealed class WorkingSet
{
    public Dictionary<string, Organisation> Organisations { get; } = new(StringComparer.Ordinal);

    /// <summary>The clients of those notices whose sender was presumed to be in force, as they are now.</summary>
    public HashSet<Client> Clients { get; } = [];

    readonly Dictionary<(string GrantedBy, string ActingOrganisation), List<Mandate>> mandates = [];

    public Dictionary<string, VehicleRecord> Vehicles { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string OrganisationId, string Reference), DecidedNotice> ByReference { get; } = [];

    /// <summary>Those whose judgement came as far as their reference: had it been known to be used, they would have been told so.</summary>
    public List<Notice> TakenForNew { get; } = [];

    public HashSet<(Guid VehicleId, string Type, DateOnly EventDate, string OrganisationId)> Recorded { get; } = [];

    public Dictionary<(string ClientId, string Key), KeyRecord> Keys { get; } = [];

    /// <summary>By row number: refusals of earlier files in which a later row has since changed the vehicle of that row.</summary>
    public ILookup<int, DecidedNotice> RefusedBefore { get; set; } =
        Array.Empty<DecidedNotice>().ToLookup(_ => default(int));

    /// <summary>By number.</summary>
    public Dictionary<string, CertificateRow> Certificates { get; } = new(StringComparer.Ordinal);

    /// <summary>By the mark that a vehicle would lose: the one that it would bear instead.</summary>
    public Dictionary<string, string> SpareMarks { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a notice about an earlier one: what the register holds of that.</summary>
    public Concerned? Concerned { get; set; }

    /// <summary>Wrong proofs, and the locks, guards and holds that follow from them; these save themselves.</summary>
    public Guesses Guesses { get; set; } = new();

    // What is to be saved.
    public List<DecidedNotice> Decided { get; } = [];

    /// <summary>
    /// Referred notices that staff have taken now, for what they have ended and replaced; all else of them is a step.
    /// </summary>
    public List<DecidedNotice> TakenNow { get; } = [];
    public List<(Guid ReplacedBy, Guid KeepershipId, RegisteredKeeper Keeper)> FormerDetails { get; } = [];
    public List<CertificateRow> UsedCertificates { get; } = [];
    public List<KeyRecord> NewKeys { get; } = [];
    public List<Payload> Payloads { get; } = [];

    /// <summary>What a notice about an earlier one changes there, statement by statement; before everything else is saved.</summary>
    public List<(string Sql, object Parameters)> Steps { get; } = [];

    /// <summary>The pages of the ledger for the decisions that get a leaf, in order.</summary>
    public List<LedgerPage> Pages { get; } = [];

    /// <summary>How many decisions get a leaf.</summary>
    public int Leaves { get; private set; }

    /// <summary>
    /// Gives a decision its leaf: on the last page, or on a new one when that is another organisation's or sender's, for the
    /// order of the ledger is that of the decisions.
    /// </summary>
    public void AddLeaf(DecidedNotice decided)
    {
        if (
            Pages is not [.., { } page]
            || page.OrganisationId != decided.OrganisationId
            || page.SubmittedBy != decided.SubmittedBy
        )
            Pages.Add(
                page = new LedgerPage
                {
                    LedgerPageId = Ids.New(decided.DecidedAt, Pages.Count),
                    OrganisationId = decided.OrganisationId,
                    SubmittedBy = decided.SubmittedBy,
                    LeavesBefore = Leaves,
                }
            );
        decided.LedgerPageId = page.LedgerPageId;
        decided.LedgerPlace = page.Notices.Count;
        page.Add(decided);
        Leaves++;
    }

    /// <summary>Keeps what was written in a notice.</summary>
    public void AddPayload(DecidedNotice decided, byte[] text)
    {
        if (Payloads is not [.., { } payload] || !payload.HasRoomFor(text))
            Payloads.Add(
                payload = new Payload { PayloadId = Ids.New(decided.ReceivedAt), ReceivedAt = decided.ReceivedAt }
            );
        payload.Add(decided, text);
    }

    /// <summary>The digest of what was notified, by a salt that is kept apart from the ledger.</summary>
    public static byte[] Digest(byte[] salt, string content) => Hashes.Of(salt, content);

    /// <summary>Takes over what an accepted notice does to a vehicle: its state, mark, keepership and document.</summary>
    public void Record(VehicleRecord record, Vehicle after, DecidedNotice by, KeeperChange change)
    {
        var type = change.Type!;
        var before = record.Vehicle;
        by.RecordBefore = RecordBefore.Write(before, after, change.Mileage is not null);
        // Whoever notifies it knows; another trader whose stock the vehicle leaves is told.
        if (before.HeldBy is { } holder && holder != after.HeldBy && holder != by.OrganisationId)
            by.LeftStockOf = holder;

        var moved = before.RegistrationNumber != after.RegistrationNumber;
        var newKeeper = !ReferenceEquals(before.Keeper, after.Keeper);
        if (newKeeper && type.KeepsKeeper)
            ReplaceDetails(record, after.Keeper!, by.KeeperChangeId);
        else if (newKeeper)
        {
            if (before.Keeper is not null)
                EndKeepership(record, by);
            if (after.Keeper is { } keeper)
                StartKeepership(record, keeper, by);
        }
        if (after.Keeper is not null && (newKeeper || moved))
            after = after with { DocumentReferenceNumber = IssueDocument(record, by) };
        record.Vehicle = after;
        record.Changed = true;
        if (moved)
            Move(record, before.RegistrationNumber, by);
    }

    /// <summary>Whether the reference of a notice, if it has one, is used up by what was decided.</summary>
    public bool UsesUpReference(Notice notice) =>
        notice.ClientReference is not { } reference || ByReference.ContainsKey((notice.ActingFor, reference));

    /// <summary>Whether the key of a notice, if it has one, is used up by what was decided.</summary>
    public bool UsesUpKey(Notice notice) => notice.Key is not { } key || Keys.ContainsKey((notice.ClientId, key.Text));

    /// <summary>Whether the client that sent a notice is the same as when it was found in force.</summary>
    public bool IsAsPresumed(Notice notice) => notice.Presumed is not { } client || Clients.Contains(client);

    public void Add(Mandate mandate)
    {
        if (!mandates.TryGetValue((mandate.GrantedBy, mandate.ActingOrganisation), out var given))
            mandates[(mandate.GrantedBy, mandate.ActingOrganisation)] = given = [];
        given.Add(mandate);
    }

    /// <summary>The mandates in force that one organisation has given to another.</summary>
    public IReadOnlyList<Mandate> Mandates(string grantedBy, string actingOrganisation) =>
        mandates.TryGetValue((grantedBy, actingOrganisation), out var given) ? given : [];

    /// <summary>The vehicle as the rules look at it: its mark may be under guard.</summary>
    public Vehicle AsGuarded(Vehicle vehicle) =>
        Guesses.IsUnderGuard(vehicle.RegistrationNumber) ? vehicle with { UnderGuard = true } : vehicle;

    /// <summary>The vehicle with an id; a notice about an earlier one names it so.</summary>
    public VehicleRecord ById(Guid id) => Vehicles.Values.First(record => record.VehicleId == id);

    // Later notices of the batch find the vehicle by its new mark, and nobody by the old one.
    void Move(VehicleRecord record, string from, DecidedNotice by)
    {
        by.NewRegistrationNumber = record.Vehicle.RegistrationNumber;
        Vehicles.Remove(from);
        Vehicles[record.Vehicle.RegistrationNumber] = record;
    }

    /// <summary>Another name or address of the same keeper. What was there before is kept.</summary>
    public void ReplaceDetails(VehicleRecord record, RegisteredKeeper keeper, Guid keeperChangeId)
    {
        var keepership = record.Keepership!;
        FormerDetails.Add((keeperChangeId, keepership.KeepershipId, keepership.Keeper));
        record.Keepership = keepership with { Keeper = keeper };
    }

    static void EndKeepership(VehicleRecord record, DecidedNotice by)
    {
        by.FormerKeepership = record.Keepership! with { EndedOn = by.EventDate, EndedBy = by.KeeperChangeId };
        record.Keepership = null;
    }

    static void StartKeepership(VehicleRecord record, RegisteredKeeper keeper, DecidedNotice by) =>
        record.Keepership = new KeepershipRecord
        {
            KeepershipId = Ids.New(by.DecidedAt),
            Keeper = keeper,
            StartedOn = by.EventDate!.Value,
            StartedBy = by.KeeperChangeId,
        };

    /// <summary>Puts a new document in force in place of the old one; answers its number.</summary>
    public static string IssueDocument(VehicleRecord record, DecidedNotice by)
    {
        by.FormerDocument = record.DocumentReplaced(by.EventDate!.Value);
        record.DocumentIssuedOn = by.EventDate;
        record.DocumentIssuedBy = by.KeeperChangeId;
        record.Changed = true;
        // The number is a proof, so it must not follow from any other.
        return RandomBytes.Digits(11);
    }
}

/// <summary>A vehicle with what belongs to it, while a batch is decided.</summary>
sealed class VehicleRecord
{
    Vehicle? loaded;

    public required Guid VehicleId { get; init; }

    /// <summary>
    /// Its place in the table until this batch writes it there: it is locked, and on SQLite nobody else writes. So no step may
    /// change a vehicle.
    /// </summary>
    public string Place { get; init; } = "";

    /// <summary>As it is now; what it was when the batch began is remembered.</summary>
    public required Vehicle Vehicle
    {
        get;
        set
        {
            loaded ??= value;
            field = value;
        }
    }

    /// <summary>The keepership in force.</summary>
    public KeepershipRecord? Keepership { get; set; }
    public bool Changed { get; set; }

    /// <summary>Whether there may be wrong proofs of its mark; if not, none are looked for.</summary>
    public bool ProofWasGuessed { get; init; }

    /// <summary>The last notice that is tied to it.</summary>
    public Guid? LastKeeperChangeId { get; set; }

    /// <summary>Whether a notice of this batch is tied to it, which need not have changed it.</summary>
    public bool IsTied { get; private set; }

    /// <summary>Ties a notice to it.</summary>
    public void Tie(DecidedNotice notice)
    {
        notice.PreviousId = LastKeeperChangeId ?? Guid.Empty;
        LastKeeperChangeId = notice.KeeperChangeId;
        IsTied = true;
    }

    /// <summary>When and by which notice the document in force was issued; of one that an import brought, neither is known.</summary>
    public DateOnly? DocumentIssuedOn { get; set; }
    public Guid? DocumentIssuedBy { get; set; }

    /// <summary>The mark that it bore when the batch began, when that is another.</summary>
    public string? MarkBefore =>
        loaded!.RegistrationNumber == Vehicle.RegistrationNumber ? null : loaded.RegistrationNumber;

    public bool MarksHaveChanged =>
        MarkBefore is not null || loaded!.OtherRegistrationNumber != Vehicle.OtherRegistrationNumber;

    /// <summary>The document in force, as one that is replaced.</summary>
    public FormerDocument DocumentReplaced(DateOnly on) =>
        new()
        {
            DocumentReferenceNumber = Vehicle.DocumentReferenceNumber,
            IssuedOn = DocumentIssuedOn,
            IssuedBy = DocumentIssuedBy,
            ReplacedOn = on,
        };
}

sealed record KeepershipRecord
{
    public required Guid KeepershipId { get; init; }
    public required RegisteredKeeper Keeper { get; init; }
    public required DateOnly StartedOn { get; init; }
    public Guid? StartedBy { get; init; }
    public DateOnly? EndedOn { get; init; }
    public Guid? EndedBy { get; init; }
}

/// <summary>A document that another has replaced.</summary>
sealed record FormerDocument
{
    public string DocumentReferenceNumber { get; init; } = "";
    public DateOnly? IssuedOn { get; init; }
    public Guid? IssuedBy { get; init; }
    public DateOnly ReplacedOn { get; init; }
}

/// <summary>What became of the call that brought an Idempotency-Key.</summary>
sealed record KeyRecord
{
    public required string ClientId { get; init; }
    public required string IdempotencyKey { get; init; }
    public required string Operation { get; init; }
    public byte[]? Fingerprint { get; init; }
    public int? Status { get; init; }
    public Guid? KeeperChangeId { get; init; }
    public Guid? SubmissionId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a call whose file is still being received: until when it counts as alive.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>The place of its referral in the ledger, of a notice that was referred at first.</summary>
    public long? ReferredPosition { get; init; }

    /// <summary>The notice, of a call that brought one.</summary>
    public DecidedNotice? Decision { get; init; }

    /// <summary>The decision as the call was answered, whatever has become of the notice since.</summary>
    public DecidedNotice? FirstDecision =>
        Decision is { ReferredAt: { } referredAt } decided
            ? decided with
            {
                Outcome = "referred",
                DecidedAt = referredAt,
                ReferredAt = null,
                LedgerPosition = ReferredPosition,
                Findings = DecidedNotice.FindingsOfReferral,
                NewRegistrationNumber = null,
                ReversedBy = null,
                CorrectedBy = null,
            }
        // As long as nothing has become of it, it is the decision itself: its place in the ledger may be yet to come.
        : Decision is null or { ReversedBy: null, CorrectedBy: null } ? Decision
        : Decision with { ReversedBy = null, CorrectedBy = null };
}
