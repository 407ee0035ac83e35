using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;
using TradeApi.Organisations;
using TradeApi.Rules;
using TradeApi.Tokens;

namespace TradeApi.Register;

/// <summary>
/// Loads what a batch names, in a few set-based statements. The vehicles come first, locked in the order of their
/// marks: what hangs on them, read after that, cannot change under us. Where another takes a key or a
/// reference meanwhile, the unique index tells, and all is judged again. On SQLite nothing is locked: either this is the only
/// writer, or it is asked afterwards whether another has written, and then all is judged again, too.
/// </summary>
static class RegisterLoad
{
    public static async Task<WorkingSet> Load(
        string environment,
        Transaction transaction,
        Store control,
        IReadOnlyList<Notice> notices,
        TimeProvider clock,
        bool mayRepeat,
        bool again,
        Turn? turn,
        CancellationToken cancel
    )
    {
        var set = new WorkingSet();
        var store = transaction.Store;
        var reads = new Reads(transaction.Connection, transaction.Inner);
        var used = new List<Guid>();
        var usedKeys = new List<(string, string)>();
        VehicleLoad.AddLocks(reads, store, notices, set);
        // Behind the locks, which may have to be waited for. On PostgreSQL the control store is another schema of the database; on
        // SQLite it is another file.
        if (store.IsPostgres)
            AddPartners(reads, environment, control, notices, set, clock);
        else
            await Partners(environment, control, notices, set, clock, cancel);
        AddMandates(reads, store, notices, set);
        if (mayRepeat)
        {
            AddUsedReferences(reads, store, notices, used);
            AddKeys(reads, store, notices, usedKeys);
        }
        var guesses = GuessStore.AddTallies(reads, store, notices, clock.Now());
        await reads.Run(cancel);
        RequireSendersInForce(notices, set);

        // What the vehicles lead to: their notices, and what is known of their marks where they say that there may be something.
        var events = new List<DecidedNotice>();
        set.Guesses = guesses();
        AddRecordedEvents(reads, store, set, events);
        GuessStore.AddMarks(reads, store, notices, set, again);
        await reads.Run(cancel);
        // On PostgreSQL holds and locks of marks are locked by now, too: a batch behind this one that had them would wait for it.
        turn?.HasLocked();

        await VehicleLoad.SpareMarks(transaction, notices, set);
        await LaterLoad.Load(transaction, notices, set);
        await EarlierNotices(transaction, used, set);
        await Calls(transaction, usedKeys, set);
        await RefusedBefore(transaction, notices, events, set);
        return set;
    }

    static async Task Partners(
        string environment,
        Store control,
        IReadOnlyList<Notice> notices,
        WorkingSet set,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        await using var connection = await control.Open(cancel);
        var reads = new Reads(connection);
        AddPartners(reads, environment, control, notices, set, clock);
        await reads.Run(cancel);
    }

    // Who sent them and whom they name.
    static void AddPartners(
        Reads reads,
        string environment,
        Store control,
        IReadOnlyList<Notice> notices,
        WorkingSet set,
        TimeProvider clock
    )
    {
        var ids = notices
            .SelectMany(notice =>
                new[]
                {
                    notice.SubmittedBy,
                    notice.Later?.Concerns.SubmittedBy,
                    notice.ActingFor,
                    notice.Change.TradeOrganisation,
                    notice.Change.ToOrganisation,
                }
            )
            .OfType<string>()
            .Distinct();
        var presumed = notices.Select(notice => notice.Presumed?.CredentialId).OfType<Guid>().ToList();
        OrganisationStore.AddInForce(
            reads,
            control,
            ids,
            environment,
            organisation => set.Organisations[organisation.Id] = organisation
        );
        if (presumed.Count > 0)
            ClientsInForce.Add(reads, control, presumed, clock.GetUtcNow(), client => set.Clients.Add(client));
    }

    // The token was good when the call came, or when the file did; what counts is the moment when it is judged.
    static void RequireSendersInForce(IReadOnlyList<Notice> notices, WorkingSet set)
    {
        if (
            notices.FirstOrDefault(notice =>
                notice.SubmittedBy != Staff.Id
                && !set.Organisations.ContainsKey(notice.SubmittedBy)
                && set.IsAsPresumed(notice)
            ) is
            { } barred
        )
            throw new SenderNotInForceException(barred.SubmittedBy);
    }

    static void AddMandates(Reads reads, Store store, IReadOnlyList<Notice> notices, WorkingSet set)
    {
        var acting = notices
            .Where(notice => notice.ActingFor != notice.SubmittedBy)
            .Select(notice => notice.SubmittedBy)
            .Distinct()
            .ToList();
        if (acting.Count > 0)
            reads.Add<MandateRow>(
                $"""
                select granted_by, acting_organisation_id, event_types, starts_on, ends_on
                  from mandate
                 where state = 'active'
                   and acting_organisation_id {store.AnyOf("@Acting")}
                """,
                new { Acting = store.List(acting) },
                row => set.Add(row.ToMandate())
            );
    }

    // First which of them are used, by the one index for that: mostly none is, and in one statement a database might begin
    // with the notices instead.
    static void AddUsedReferences(Reads reads, Store store, IReadOnlyList<Notice> notices, List<Guid> used)
    {
        var references = notices
            .Where(notice => notice.ClientReference is not null)
            .Select(notice => (notice.ActingFor, notice.ClientReference!))
            .ToHashSet();
        if (references.Count > 0)
            reads.Add<Guid>(
                $"""
                select u.keeper_change_id
                  from {store.Pairs}
                  join used_reference u on u.organisation_id = n.a
                                       and u.client_reference = n.b
                """,
                store.PairsOf(references),
                used.Add
            );
    }

    static async Task EarlierNotices(Transaction transaction, List<Guid> used, WorkingSet set)
    {
        if (used.Count == 0)
            return;
        var store = transaction.Store;
        var rows = await transaction.Connection.QueryAsync<DecidedNotice>(
            $"""
            {SelectDecided}
              join {store.Each("@Ids")} on n.id = k.keeper_change_id
            """,
            new { Ids = store.List(used) },
            transaction.Inner
        );
        foreach (var row in rows)
            set.ByReference[(row.OrganisationId, row.ClientReference!)] = row;
    }

    static void AddRecordedEvents(Reads reads, Store store, WorkingSet set, List<DecidedNotice> events)
    {
        var last = set.Vehicles.Values.Select(record => record.LastKeeperChangeId).OfType<Guid>().ToList();
        if (last.Count == 0)
            return;
        const string Columns = """
            k.keeper_change_id, k.vehicle_id, k.type, k.outcome, k.event_date, k.organisation_id, k.submission_id, k.row_number,
                               k.corrected_by, k.reversed_by, k.previous_id
            """;
        reads.Add<DecidedNotice>(
            $"""
            with recursive tied as (
                   select {Columns}
                     from {store.Each("@Last")}
                     join keeper_change k on k.keeper_change_id = n.id
                    union -- not "union all": were the chain ever closed to a ring, it would not end
                   select {Columns}
                     from tied t
                     join keeper_change k on k.keeper_change_id = t.previous_id)
            select t.vehicle_id, t.type, coalesce(c.event_date, t.event_date) as event_date, t.organisation_id,
                   t.submission_id, t.row_number
              from tied t
              left join keeper_change c on c.keeper_change_id = t.corrected_by
             where t.outcome = 'accepted'
               and t.reversed_by is null
            """,
            new { Last = store.List(last) },
            row =>
            {
                events.Add(row);
                set.Recorded.Add((row.VehicleId!.Value, row.Type, row.EventDate!.Value, row.OrganisationId));
            }
        );
    }

    // See src/decisions/0004: in a file sent again, a row is not judged against what a later row of it has changed.
    static async Task RefusedBefore(
        Transaction transaction,
        IReadOnlyList<Notice> notices,
        List<DecidedNotice> events,
        WorkingSet set
    )
    {
        if (events.Count == 0 || notices[0] is not { SubmissionId: { } own, RowNumber: { } first })
            return;
        var byVehicle = events.Where(row => row.SubmissionId is { } id && id != own).ToLookup(row => row.VehicleId);
        // In which earlier file a later row has changed the vehicle of which row.
        var changedLater = notices
            .Where(notice => notice.Change.RegistrationNumber is not null)
            .SelectMany(notice =>
                set.Vehicles.TryGetValue(notice.Change.RegistrationNumber!.Value.Text, out var record)
                    ? byVehicle[record.VehicleId]
                        .Where(row => row.RowNumber > notice.RowNumber)
                        .Select(row => (row.SubmissionId, notice.RowNumber))
                    : []
            )
            .ToHashSet();
        if (changedLater.Count == 0)
            return;
        var store = transaction.Store;
        var rows = await transaction.Connection.QueryAsync<DecidedNotice>(
            $"""
            {SelectDecided}
              join submission s on s.submission_id = k.submission_id
              join submission o on o.rows_total = s.rows_total
             where k.submission_id {store.AnyOf("@Files")}
               and k.row_number between @First and @Last
               and k.outcome = 'refused'
               and k.referred_at is null
               and o.submission_id = @Own
            """,
            new
            {
                Files = store.List(changedLater.Select(row => row.SubmissionId!.Value).Distinct()),
                First = first,
                Last = notices[^1].RowNumber,
                Own = own,
            },
            transaction.Inner
        );
        set.RefusedBefore = rows.Where(row => changedLater.Contains((row.SubmissionId, row.RowNumber)))
            .ToLookup(row => row.RowNumber!.Value);
    }

    // As with references: mostly none was used, and what became of those that were is in any of the months.
    static void AddKeys(
        Reads reads,
        Store store,
        IReadOnlyList<Notice> notices,
        List<(string ClientId, string Key)> used
    )
    {
        var keys = notices
            .Where(notice => notice.Key is not null)
            .Select(notice => (notice.ClientId, notice.Key!.Text))
            .ToHashSet();
        if (keys.Count > 0)
            reads.Add<(string, string)>(
                $"""
                select i.client_id, i.idempotency_key
                  from {store.Pairs}
                  join idempotency_key i on i.client_id = n.a
                                        and i.idempotency_key = n.b
                """,
                store.PairsOf(keys),
                used.Add
            );
    }

    static async Task Calls(Transaction transaction, List<(string ClientId, string Key)> used, WorkingSet set)
    {
        if (used.Count == 0)
            return;
        var store = transaction.Store;
        var calls = await transaction.Connection.QueryAsync<KeyRecord, DecidedNotice?, KeyRecord>(
            SelectCalls($"{store.Pairs} join idempotency_key i on i.client_id = n.a and i.idempotency_key = n.b"),
            (key, decision) => key with { KeeperChangeId = decision?.KeeperChangeId, Decision = decision },
            store.PairsOf(used),
            transaction.Inner,
            splitOn: "keeper_change_id"
        );
        foreach (var call in calls)
            set.Keys[(call.ClientId, call.IdempotencyKey)] = call;
    }

    /// <summary>The columns of <see cref="DecidedNotice"/>, of <c>keeper_change k</c> and its <c>ledger_page l</c>.</summary>
    public const string DecidedColumns = $"""
        k.keeper_change_id, k.type, k.outcome, k.organisation_id, k.submitted_by, k.client_id, k.client_reference,
                   k.registration_number, k.vehicle_id, k.event_date, k.received_at, k.decided_at, k.findings,
                   k.submission_id, k.row_number, k.salt, k.digest, k.concerns_id, k.reversed_by, k.corrected_by,
                   k.referred_at, k.record_before, k.new_registration_number, k.ledger_page_id, k.ledger_place,
                   {LedgerPage.Position} as ledger_position
        """;

    /// <summary>Selects calls by their key, each with the notice that it brought; split on <c>keeper_change_id</c>.</summary>
    public static string SelectCalls(string calls) =>
        $"""
            select i.client_id, i.idempotency_key, i.operation, i.fingerprint, i.status, i.submission_id, i.created_at,
                       (select r.first_position + k.referral_place
                          from ledger_page r
                         where r.ledger_page_id = k.referral_page_id) as referred_position,
                       {DecidedColumns}
                  from {calls}
                  left join keeper_change k on k.keeper_change_id = i.keeper_change_id
                  left join {LedgerPage.OfNotice}
            """;

    /// <summary>Selects decided notices with their place in the ledger.</summary>
    public const string SelectDecided = $"""
        select {DecidedColumns}
              from keeper_change k
              left join {LedgerPage.OfNotice}
        """;

    sealed record MandateRow
    {
        public string GrantedBy { get; init; } = "";
        public string ActingOrganisationId { get; init; } = "";
        public string EventTypes { get; init; } = "";
        public DateOnly? StartsOn { get; init; }
        public DateOnly? EndsOn { get; init; }

        public Mandate ToMandate() =>
            new(GrantedBy, ActingOrganisationId, EventTypes.Split('\n'), Active: true, StartsOn, EndsOn);
    }
}
