using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;
using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>
/// Saves what a batch has changed, in bulk. Rows whose keys another may take at the same moment are in order, so that two who
/// take the same ones wait for each other and not crosswise.
/// </summary>
static class RegisterSave
{
    /// <summary>Changes the earlier notices that others are about. That comes before all else that is written.</summary>
    public static async Task Earlier(Transaction transaction, WorkingSet set)
    {
        foreach (var (sql, parameters) in set.Steps)
            await transaction.Connection.ExecuteAsync(sql, parameters, transaction.Inner);
    }

    /// <summary>Gathers the rows that belong to the batch alone.</summary>
    public static void Save(Writes writes, Store store, WorkingSet set)
    {
        Vehicles(writes, store, set);
        writes.Update("mark_certificate", set.UsedCertificates, CertificateKey, CertificateColumns);
        writes.Insert("former_details", set.FormerDetails, FormerDetailsColumns);
        writes.Insert("keeper_change", set.Decided, DecidedColumns);
        writes.Update("keeper_change", set.TakenNow, NoticeKey, FormerColumns);
        writes.Insert("payload", set.Payloads, PayloadColumns);
        writes.Insert(
            "idempotency_key",
            set.NewKeys.OrderBy(key => key.ClientId, StringComparer.Ordinal)
                .ThenBy(key => key.IdempotencyKey, StringComparer.Ordinal)
                .ToList(),
            KeyColumns
        );
    }

    /// <summary>
    /// Writes the pages with the leaves of the decisions. Whoever holds the head numbers the leaves, in commit order; so this
    /// comes last, and everybody else waits for no more than it and the commit.
    /// </summary>
    public static void Leaves(Writes writes, WorkingSet set)
    {
        if (set.Leaves == 0)
            return;
        writes.Ask<long>(
            """
            update ledger_head
               set size = size + @Leaves
             where ledger_head_id = 1
            returning size
            """,
            new { set.Leaves },
            size =>
            {
                var position = size[0] - set.Leaves;
                foreach (var notice in set.Pages.SelectMany(page => page.Notices))
                    notice.LedgerPosition = ++position;
            }
        );
        const string Size = "(select size from ledger_head where ledger_head_id = 1)";
        writes.InsertBehind("ledger_page", set.Pages, Size, PagePositions(set.Leaves), PageColumns);
        writes.InsertBehind(
            "ledger_told",
            set.Pages.SelectMany(Told).ToList(),
            Size,
            ToldPosition(set.Leaves),
            ToldColumns
        );
    }

    static IEnumerable<ToldOfLeaf> Told(LedgerPage page)
    {
        for (var i = 0; i < page.Notices.Count; i++)
        {
            var notice = page.Notices[i];
            if (notice.LeftStockOf is { } holder)
                yield return new(holder, LeftStock: true, notice.KeeperChangeId, page.LeavesBefore + i);
            if (notice.ToldSender is { } sender)
                yield return new(sender, LeftStock: false, notice.KeeperChangeId, page.LeavesBefore + i);
        }
    }

    /// <summary>
    /// Uses the references up. Two files may name the same ones, and a batch that waits for the one before it must not have
    /// taken any: the database could not see that the files wait for each other.
    /// </summary>
    public static void References(Writes writes, WorkingSet set) =>
        writes.Insert(
            "used_reference",
            set.Decided.FindAll(UsesReference)
                .OrderBy(notice => notice.OrganisationId, StringComparer.Ordinal)
                .ThenBy(notice => notice.ClientReference, StringComparer.Ordinal)
                .ToList(),
            ReferenceColumns
        );

    /// <summary>
    /// Makes all come to nothing if a reference or a key is used already of which the unique indexes would not tell otherwise,
    /// since what was decided does not use it up: of a notice that is refused or held back. What is found is inserted twice, and
    /// the index refuses it, as it does with those that are used up a second time; twice, since another may be about to delete
    /// what was found.
    /// </summary>
    public static void FailOnRepeats(Writes writes, Store store, IEnumerable<Notice> notices, WorkingSet set)
    {
        var references = set
            .TakenForNew.Where(notice => !set.UsesUpReference(notice))
            .Select(notice => (notice.ActingFor, notice.ClientReference!))
            .ToHashSet();
        if (references.Count > 0)
            writes.Ask<Guid>(
                $"""
                insert into used_reference (organisation_id, client_reference, keeper_change_id)
                select u.organisation_id, u.client_reference, u.keeper_change_id
                  from {store.Pairs}
                  join used_reference u on u.organisation_id = n.a
                                       and u.client_reference = n.b
                 cross join (select 1 union all select 2) twice
                returning keeper_change_id
                """,
                store.PairsOf(references),
                _ => { }
            );
        var keys = notices
            .Where(notice => set.IsAsPresumed(notice) && !set.UsesUpKey(notice))
            .Select(notice => (notice.ClientId, notice.Key!.Text))
            .ToHashSet();
        if (keys.Count > 0)
            writes.Ask<string>(
                $"""
                insert into idempotency_key (client_id, idempotency_key, operation, created_at)
                select i.client_id, i.idempotency_key, i.operation, i.created_at
                  from {store.Pairs}
                  join idempotency_key i on i.client_id = n.a
                                        and i.idempotency_key = n.b
                 cross join (select 1 union all select 2) twice
                returning client_id
                """,
                store.PairsOf(keys),
                _ => { }
            );
    }

    static bool UsesReference(DecidedNotice notice) => notice is { ClientReference: not null, Outcome: not "refused" };

    // With the tax goes the day on which it would have been due: neither passes to the next keeper.
    static void Vehicles(Writes writes, Store store, WorkingSet set)
    {
        var changed = set.Vehicles.Values.Where(record => record.Changed || record.IsTied).ToList();
        writes.Update("vehicle", changed, PlaceAndKey(store), VehicleColumns);
        // Written only where it is another: SQLite would write its index anew even so, as it does with the number of a fleet.
        // Marks that move between vehicles of one batch are set down first, so that no order of rows makes two bear one.
        var moved = changed.FindAll(record => record.MarksHaveChanged);
        writes.Update("vehicle", moved, VehicleKey, ParkedMark);
        writes.Update("vehicle", moved, VehicleKey, MarkColumns);
    }

    static readonly Column<CertificateRow>[] CertificateKey =
    [
        Column<CertificateRow>.Of("certificate_number", row => row.CertificateNumber),
    ];

    static readonly Column<CertificateRow>[] CertificateColumns =
    [
        Column<CertificateRow>.Of("used_by", row => row.UsedBy),
    ];

    static readonly Column<VehicleRecord>[] VehicleKey =
    [
        Column<VehicleRecord>.Of<Guid>("vehicle_id", record => record.VehicleId),
    ];

    // By its place no index is looked through a second time. The key goes along: a place is one of a single table, and would name
    // a vehicle in each part of one that is spread over several servers.
    static Column<VehicleRecord>[] PlaceAndKey(Store store) =>
        [Column<VehicleRecord>.Of(store.PlaceColumn, record => record.Place, castTo: "tid"), .. VehicleKey];

    static readonly Column<VehicleRecord>[] ParkedMark =
    [
        Column<VehicleRecord>.Of("registration_number", record => record.VehicleId.ToString("D")),
    ];

    static readonly Column<VehicleRecord>[] MarkColumns =
    [
        Column<VehicleRecord>.Of("registration_number", record => record.Vehicle.RegistrationNumber),
        Column<VehicleRecord>.Of("other_registration_number", record => record.Vehicle.OtherRegistrationNumber),
        // There may be wrong proofs of the mark that it bears now.
        Column<VehicleRecord>.Of<bool>("proof_was_guessed", _ => true),
    ];

    static readonly Column<VehicleRecord>[] VehicleColumns =
    [
        Column<VehicleRecord>.Of("state", record => VehicleStates.Name(record.Vehicle.State)),
        Column<VehicleRecord>.Of<DateOnly>("state_since", record => record.Vehicle.StateSince),
        Column<VehicleRecord>.Of("held_by", record => record.Vehicle.HeldBy),
        Column<VehicleRecord>.Of("salvage_category", record => record.Vehicle.SalvageCategory?.ToString()),
        Column<VehicleRecord>.Of<bool>("document_suppressed", record => record.Vehicle.DocumentSuppressed),
        Column<VehicleRecord>.Of<bool>("off_road", record => record.Vehicle.OffRoad),
        Column<VehicleRecord>.Of("off_road_from", record => record.Vehicle.OffRoadFrom),
        Column<VehicleRecord>.Of("last_fleet_number", record => record.Vehicle.LastFleetNumber),
        Column<VehicleRecord>.Of("last_mileage", record => record.Vehicle.LastMileage),
        Column<VehicleRecord>.Of("tax_ended_on", record => record.Vehicle.TaxEndedOn),
        Column<VehicleRecord>.Of("tax_due_on", record => record.Vehicle.TaxDueOn),
        Column<VehicleRecord>.Of("document_reference_number", record => record.Vehicle.DocumentReferenceNumber),
        Column<VehicleRecord>.Of("document_issued_on", record => record.DocumentIssuedOn),
        Column<VehicleRecord>.Of("document_issued_by", record => record.DocumentIssuedBy),
        Column<VehicleRecord>.Of("last_keeper_change_id", record => record.LastKeeperChangeId),
        Column<VehicleRecord>.Of("keepership_id", record => record.Keepership?.KeepershipId),
        Column<VehicleRecord>.Of("keepership_started_on", record => record.Keepership?.StartedOn),
        Column<VehicleRecord>.Of("keepership_started_by", record => record.Keepership?.StartedBy),
        .. KeeperColumns<VehicleRecord>(record => record.Keepership?.Keeper, "keeper_"),
    ];

    static readonly Column<(Guid ReplacedBy, Guid KeepershipId, RegisteredKeeper Keeper)>[] FormerDetailsColumns =
    [
        Column<(Guid ReplacedBy, Guid KeepershipId, RegisteredKeeper Keeper)>.Of<Guid>(
            "replaced_by",
            row => row.ReplacedBy
        ),
        Column<(Guid ReplacedBy, Guid KeepershipId, RegisteredKeeper Keeper)>.Of<Guid>(
            "keepership_id",
            row => row.KeepershipId
        ),
        .. KeeperColumns<(Guid ReplacedBy, Guid KeepershipId, RegisteredKeeper Keeper)>(row => row.Keeper),
    ];

    /// <summary>The columns of a keeper, who may be none.</summary>
    internal static Column<TRow>[] KeeperColumns<TRow>(Func<TRow, RegisteredKeeper?> keeper, string prefix = "") =>
        [
            Column<TRow>.Of(prefix + "title", row => keeper(row)?.Title),
            Column<TRow>.Of(prefix + "first_names", row => keeper(row)?.FirstNames),
            Column<TRow>.Of(prefix + "last_name", row => keeper(row)?.LastName),
            Column<TRow>.Of(prefix + "business_name", row => keeper(row)?.BusinessName),
            Column<TRow>.Of(prefix + "fleet_number", row => keeper(row)?.FleetNumber),
            Column<TRow>.Of(prefix + "driver_number", row => keeper(row)?.DriverNumber),
            Column<TRow>.Of(prefix + "email", row => keeper(row)?.Email),
            Column<TRow>.Of(prefix + "address_line1", row => keeper(row)?.AddressLine1),
            Column<TRow>.Of(prefix + "address_line2", row => keeper(row)?.AddressLine2),
            Column<TRow>.Of(prefix + "address_line3", row => keeper(row)?.AddressLine3),
            Column<TRow>.Of(prefix + "post_town", row => keeper(row)?.PostTown),
            Column<TRow>.Of(prefix + "postcode", row => keeper(row)?.Postcode),
        ];

    static readonly Column<DecidedNotice>[] NoticeKey =
    [
        Column<DecidedNotice>.Of<Guid>("keeper_change_id", row => row.KeeperChangeId),
    ];

    // What a notice has replaced: the keepership that it has ended, and a document.
    static readonly Column<DecidedNotice>[] FormerColumns =
    [
        Column<DecidedNotice>.Of("former_keepership_id", row => row.FormerKeepership?.KeepershipId),
        Column<DecidedNotice>.Of("former_keepership_started_on", row => row.FormerKeepership?.StartedOn),
        Column<DecidedNotice>.Of("former_keepership_started_by", row => row.FormerKeepership?.StartedBy),
        Column<DecidedNotice>.Of("former_keepership_ended_on", row => row.FormerKeepership?.EndedOn),
        .. KeeperColumns<DecidedNotice>(row => row.FormerKeepership?.Keeper, "former_keeper_"),
        Column<DecidedNotice>.Of(
            "former_document_reference_number",
            row => row.FormerDocument?.DocumentReferenceNumber
        ),
        Column<DecidedNotice>.Of("former_document_issued_on", row => row.FormerDocument?.IssuedOn),
        Column<DecidedNotice>.Of("former_document_issued_by", row => row.FormerDocument?.IssuedBy),
        Column<DecidedNotice>.Of("former_document_replaced_on", row => row.FormerDocument?.ReplacedOn),
    ];

    /// <summary>The assignments that leave a notice with nothing that it has replaced.</summary>
    public static string WithoutFormer => string.Join(", ", FormerColumns.Select(column => $"{column.Name} = null"));

    static readonly Column<DecidedNotice>[] DecidedColumns =
    [
        Column<DecidedNotice>.Of<Guid>("keeper_change_id", row => row.KeeperChangeId),
        Column<DecidedNotice>.Of("type", row => row.Type),
        Column<DecidedNotice>.Of("outcome", row => row.Outcome),
        Column<DecidedNotice>.Of("organisation_id", row => row.OrganisationId),
        Column<DecidedNotice>.Of("submitted_by", row => row.SubmittedBy),
        Column<DecidedNotice>.Of("client_id", row => row.ClientId),
        Column<DecidedNotice>.Of("client_reference", row => row.ClientReference),
        Column<DecidedNotice>.Of("registration_number", row => row.RegistrationNumber),
        Column<DecidedNotice>.Of("vehicle_id", row => row.VehicleId),
        Column<DecidedNotice>.Of("event_date", row => row.EventDate),
        Column<DecidedNotice>.Of<DateTimeOffset>("received_at", row => row.ReceivedAt),
        Column<DecidedNotice>.Of<DateTimeOffset>("decided_at", row => row.DecidedAt),
        Column<DecidedNotice>.Of("findings", row => row.Findings),
        Column<DecidedNotice>.Of("submission_id", row => row.SubmissionId),
        Column<DecidedNotice>.Of("row_number", row => row.RowNumber),
        Column<DecidedNotice>.Of("salt", row => row.Salt),
        Column<DecidedNotice>.Of("digest", row => row.Digest),
        Column<DecidedNotice>.Of("concerns_id", row => row.ConcernsId),
        Column<DecidedNotice>.Of("previous_id", row => row.PreviousId),
        Column<DecidedNotice>.Of("record_before", row => row.RecordBefore),
        Column<DecidedNotice>.Of("new_registration_number", row => row.NewRegistrationNumber),
        Column<DecidedNotice>.Of("ledger_page_id", row => row.LedgerPageId),
        Column<DecidedNotice>.Of("ledger_place", row => row.LedgerPlace),
        Column<DecidedNotice>.Of("payload_id", row => row.PayloadId),
        Column<DecidedNotice>.Of("payload_start", row => row.PayloadStart),
        Column<DecidedNotice>.Of("payload_length", row => row.PayloadLength),
        .. FormerColumns,
    ];

    static readonly Column<DecidedNotice>[] ReferenceColumns =
    [
        Column<DecidedNotice>.Of("organisation_id", row => row.OrganisationId),
        Column<DecidedNotice>.Of("client_reference", row => row.ClientReference),
        Column<DecidedNotice>.Of<Guid>("keeper_change_id", row => row.KeeperChangeId),
    ];

    static readonly Column<Payload>[] PayloadColumns =
    [
        Column<Payload>.Of<Guid>("payload_id", payload => payload.PayloadId),
        Column<Payload>.Of<int>("first_row", _ => 1),
        Column<Payload>.Of<int>("row_count", payload => payload.NoticeCount),
        Column<Payload>.Of<DateTimeOffset>("received_at", payload => payload.ReceivedAt),
        Column<Payload>.Of("content", payload => payload.Content()),
    ];

    static readonly Column<KeyRecord>[] KeyColumns =
    [
        Column<KeyRecord>.Of("client_id", row => row.ClientId),
        Column<KeyRecord>.Of("idempotency_key", row => row.IdempotencyKey),
        Column<KeyRecord>.Of("operation", row => row.Operation),
        Column<KeyRecord>.Of("fingerprint", row => row.Fingerprint),
        Column<KeyRecord>.Of("status", row => row.Status),
        Column<KeyRecord>.Of("keeper_change_id", row => row.KeeperChangeId),
        Column<KeyRecord>.Of<DateTimeOffset>("created_at", row => row.CreatedAt),
    ];

    // Positions are counted back from the size of the ledger, which is known where the head is held.
    static Column<LedgerPage>[] PagePositions(int leaves) =>
        [
            Column<LedgerPage>.Of<int>("first_position", page => leaves - page.LeavesBefore - 1),
            Column<LedgerPage>.Of<int>("last_position", page => leaves - page.LeavesBefore - page.Notices.Count),
        ];

    static readonly Column<LedgerPage>[] PageColumns =
    [
        Column<LedgerPage>.Of<Guid>("ledger_page_id", page => page.LedgerPageId),
        Column<LedgerPage>.Of("organisation_id", page => page.OrganisationId),
        Column<LedgerPage>.Of("submitted_by", page => page.SubmittedBy),
        Column<LedgerPage>.Of("keeper_change_ids", page => page.KeeperChangeIds()),
        Column<LedgerPage>.Of("leaf_hashes", page => page.LeafHashes()),
    ];

    static Column<ToldOfLeaf>[] ToldPosition(int leaves) =>
        [Column<ToldOfLeaf>.Of<int>("position", told => leaves - told.LeavesBefore - 1)];

    static readonly Column<ToldOfLeaf>[] ToldColumns =
    [
        Column<ToldOfLeaf>.Of("organisation_id", told => told.OrganisationId),
        Column<ToldOfLeaf>.Of<bool>("left_stock", told => told.LeftStock),
        Column<ToldOfLeaf>.Of<Guid>("keeper_change_id", told => told.KeeperChangeId),
    ];
}
