using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;

namespace TradeApi.Register;

/// <summary>Saves what a batch has changed, in bulk. The ledger's head is taken last and held shortest.</summary>
static class RegisterSave
{
    public static async Task Save(Transaction transaction, WorkingSet set, DateTimeOffset now, CancellationToken cancel)
    {
        await Vehicles(transaction, set, cancel);
        await Keeperships(transaction, set, cancel);
        await Documents(transaction, set, cancel);
        await Bulk.Insert(transaction, "keeper_change", set.Decided, DecidedColumns, cancel);
        await Bulk.Insert(transaction, "payload", set.Payloads, PayloadColumns, cancel);
        await Bulk.Insert(transaction, "idempotency_key", set.NewKeys, KeyColumns, cancel);
    }

    /// <summary>Gives each accepted or referred notice its leaf. Whoever holds the head numbers the leaves, in commit order.</summary>
    public static async Task SaveLeaves(Transaction transaction, WorkingSet set, CancellationToken cancel)
    {
        var recorded = set.Decided.Where(notice => notice.Outcome != "refused").ToList();
        if (recorded.Count == 0)
            return;
        var size = await transaction.Connection.ExecuteScalarAsync<long>(
            """
            update ledger_head
               set size = size + @Count
             where ledger_head_id = 1
            returning size
            """,
            new { recorded.Count },
            transaction.Inner
        );
        for (var i = 0; i < recorded.Count; i++)
            recorded[i].LedgerPosition = size - recorded.Count + 1 + i;
        await Bulk.Insert(transaction, "ledger_leaf", recorded, LeafColumns, cancel);
    }

    // With the tax goes the day on which it would have been due: neither passes to the next keeper.
    static Task<int> Vehicles(Transaction transaction, WorkingSet set, CancellationToken cancel) =>
        Bulk.Execute(
            transaction,
            """
            update vehicle
               set state = @state,
                   state_since = @state_since,
                   held_by = @held_by,
                   salvage_category = @salvage_category,
                   document_suppressed = @document_suppressed,
                   off_road = @off_road,
                   last_mileage = @last_mileage,
                   tax_ended_on = @tax_ended_on,
                   tax_due_on = case when cast(@tax_ended_on as date) is null then tax_due_on end
             where vehicle_id = @vehicle_id
            """,
            set.Vehicles.Values.Where(record => record.Changed).ToList(),
            VehicleColumns,
            cancel
        );

    static async Task Keeperships(Transaction transaction, WorkingSet set, CancellationToken cancel)
    {
        await Bulk.Execute(
            transaction,
            """
            update keepership
               set ended_on = @ended_on,
                   ended_by = @ended_by
             where keepership_id = @keepership_id
            """,
            set.EndedKeeperships,
            EndedKeepershipColumns,
            cancel
        );
        await Bulk.Insert(transaction, "keepership", set.NewKeeperships, KeepershipColumns, cancel);
    }

    static async Task Documents(Transaction transaction, WorkingSet set, CancellationToken cancel)
    {
        await Bulk.Execute(
            transaction,
            """
            update document
               set replaced_on = @replaced_on,
                   replaced_by = @replaced_by
             where vehicle_id = @vehicle_id
               and document_reference_number = @document_reference_number
            """,
            set.ReplacedDocuments,
            ReplacedDocumentColumns,
            cancel
        );
        await Bulk.Insert(transaction, "document", set.NewDocuments, DocumentColumns, cancel);
    }

    static readonly Column<VehicleRecord>[] VehicleColumns =
    [
        Column<VehicleRecord>.Of<Guid>("vehicle_id", record => record.VehicleId),
        Column<VehicleRecord>.Of("state", record => VehicleStates.Name(record.Vehicle.State)),
        Column<VehicleRecord>.Of<DateOnly>("state_since", record => record.Vehicle.StateSince),
        Column<VehicleRecord>.Of("held_by", record => record.Vehicle.HeldBy),
        Column<VehicleRecord>.Of("salvage_category", record => record.Vehicle.SalvageCategory?.ToString()),
        Column<VehicleRecord>.Of<bool>("document_suppressed", record => record.Vehicle.DocumentSuppressed),
        Column<VehicleRecord>.Of<bool>("off_road", record => record.Vehicle.OffRoad),
        Column<VehicleRecord>.Of("last_mileage", record => record.Vehicle.LastMileage),
        Column<VehicleRecord>.Of("tax_ended_on", record => record.Vehicle.TaxEndedOn),
    ];

    static readonly Column<KeepershipRecord>[] EndedKeepershipColumns =
    [
        Column<KeepershipRecord>.Of<Guid>("keepership_id", row => row.KeepershipId),
        Column<KeepershipRecord>.Of("ended_on", row => row.EndedOn),
        Column<KeepershipRecord>.Of("ended_by", row => row.EndedBy),
    ];

    internal static readonly Column<KeepershipRecord>[] KeepershipColumns =
    [
        .. EndedKeepershipColumns,
        Column<KeepershipRecord>.Of<Guid>("vehicle_id", row => row.VehicleId),
        Column<KeepershipRecord>.Of<DateOnly>("started_on", row => row.StartedOn),
        Column<KeepershipRecord>.Of("started_by", row => row.StartedBy),
        Column<KeepershipRecord>.Of("title", row => row.Keeper.Title),
        Column<KeepershipRecord>.Of("first_names", row => row.Keeper.FirstNames),
        Column<KeepershipRecord>.Of("last_name", row => row.Keeper.LastName),
        Column<KeepershipRecord>.Of("business_name", row => row.Keeper.BusinessName),
        Column<KeepershipRecord>.Of("fleet_number", row => row.Keeper.FleetNumber),
        Column<KeepershipRecord>.Of("driver_number", row => row.Keeper.DriverNumber),
        Column<KeepershipRecord>.Of("email", row => row.Keeper.Email),
        Column<KeepershipRecord>.Of("address_line1", row => row.Keeper.AddressLine1),
        Column<KeepershipRecord>.Of("address_line2", row => row.Keeper.AddressLine2),
        Column<KeepershipRecord>.Of("address_line3", row => row.Keeper.AddressLine3),
        Column<KeepershipRecord>.Of("post_town", row => row.Keeper.PostTown),
        Column<KeepershipRecord>.Of("postcode", row => row.Keeper.Postcode),
    ];

    static readonly Column<DocumentRecord>[] ReplacedDocumentColumns =
    [
        Column<DocumentRecord>.Of<Guid>("vehicle_id", row => row.VehicleId),
        Column<DocumentRecord>.Of("document_reference_number", row => row.DocumentReferenceNumber),
        Column<DocumentRecord>.Of("replaced_on", row => row.ReplacedOn),
        Column<DocumentRecord>.Of("replaced_by", row => row.ReplacedBy),
    ];

    internal static readonly Column<DocumentRecord>[] DocumentColumns =
    [
        .. ReplacedDocumentColumns,
        Column<DocumentRecord>.Of("issued_on", row => row.IssuedOn),
        Column<DocumentRecord>.Of("issued_by", row => row.IssuedBy),
    ];

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
    ];

    static readonly Column<Notice>[] PayloadColumns =
    [
        Column<Notice>.Of<Guid>("payload_id", notice => notice.Id),
        Column<Notice>.Of<int>("first_row", _ => 1),
        Column<Notice>.Of<int>("row_count", _ => 1),
        Column<Notice>.Of<DateTimeOffset>("received_at", notice => notice.ReceivedAt),
        Column<Notice>.Of("content", notice => notice.Payload),
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

    static readonly Column<DecidedNotice>[] LeafColumns =
    [
        Column<DecidedNotice>.Of("position", row => row.LedgerPosition),
        Column<DecidedNotice>.Of<Guid>("keeper_change_id", row => row.KeeperChangeId),
        Column<DecidedNotice>.Of("organisation_id", row => row.OrganisationId),
        Column<DecidedNotice>.Of("submitted_by", row => row.SubmittedBy),
        Column<DecidedNotice>.Of("outcome", row => row.Outcome),
        Column<DecidedNotice>.Of<DateTimeOffset>("decided_at", row => row.DecidedAt),
        Column<DecidedNotice>.Of("leaf_hash", row => Leaf.Hash(row)),
    ];
}
