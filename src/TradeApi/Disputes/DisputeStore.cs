using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;
using TradeApi.Organisations;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Disputes;

/// <summary>A dispute as it is kept.</summary>
sealed record Dispute
{
    public Guid DisputeId { get; init; }
    public Guid KeeperChangeId { get; init; }
    public Guid VehicleId { get; init; }
    public string OrganisationId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? Outcome { get; init; }
}

/// <summary>What a partner wants to dispute: a notice, or the latest one by another on the vehicle with a mark.</summary>
sealed record DisputeWanted(Guid? KeeperChangeId, string? Mark, string Reason);

/// <summary>A dispute that was opened; or the findings why not, with the open one if that is the reason.</summary>
sealed record DisputeOpened(Dispute? Dispute, IReadOnlyList<Finding> Findings);

/// <summary>Opens, reads and closes disputes. The vehicle's row is locked, so that no notice is decided beside it.</summary>
sealed class DisputeStore(Stores stores, TimeProvider clock)
{
    const string Columns = """
        d.dispute_id, d.keeper_change_id, d.vehicle_id, d.organisation_id, d.client_id, d.reason, d.opened_at,
                   d.closed_at, d.outcome
        """;

    public DateOnly Today => LondonDate.Of(clock.Now());

    /// <summary>Opens a dispute; null when there is no such notice on a vehicle that the caller has held or kept.</summary>
    public async Task<DisputeOpened?> Open(
        VehicleRegister register,
        Caller caller,
        DisputeWanted wanted,
        CancellationToken cancel
    )
    {
        var own = (
            await OrganisationStore.InForce(stores.Control, [caller.OrganisationId], caller.Environment, cancel)
        ).SingleOrDefault();
        await using var transaction = await register.Store.Begin(cancel);
        if (own is null || await VehicleOf(transaction, wanted) is not { } vehicleId)
            return null;
        var notices = await Notices(transaction, vehicleId);
        if (!await HeldOrKept(transaction, own, vehicleId, notices))
            return null;
        var notice = wanted.KeeperChangeId is { } id
            ? notices.Find(one => one.KeeperChangeId == id)
            : notices.FindLast(one =>
                !IsOwn(one, own) && one is { Outcome: "accepted", ConcernsId: null, ReversedBy: null }
            );
        if (notice is null)
            return null;

        var earlier = await EarlierDispute(transaction, notice.KeeperChangeId, own.Id);
        var findings = LaterRules.Dispute.Judge(
            new LaterCase
            {
                Type = LaterDecisions.TypeOf(notice),
                Stands = notice is { Outcome: "accepted", ReversedBy: null },
                DecidedOn = LondonDate.Of(notice.DecidedAt),
                Today = Today,
                IsOwnNotice = IsOwn(notice, own),
                DisputeIsOpen = earlier is { ClosedAt: null },
                DisputeIsDecided = earlier is { ClosedAt: not null },
            }
        );
        if (findings.Count > 0)
            return new DisputeOpened(earlier, findings);

        var now = clock.Now();
        var dispute = new Dispute
        {
            DisputeId = Guid.CreateVersion7(now),
            KeeperChangeId = notice.KeeperChangeId,
            VehicleId = vehicleId,
            OrganisationId = own.Id,
            ClientId = caller.ClientId,
            Reason = wanted.Reason,
            OpenedAt = now,
        };
        await transaction.Connection.ExecuteAsync(
            """
            insert into dispute (dispute_id, keeper_change_id, vehicle_id, organisation_id, client_id, reason, opened_at)
            values (@DisputeId, @KeeperChangeId, @VehicleId, @OrganisationId, @ClientId, @Reason, @OpenedAt)
            """,
            dispute,
            transaction.Inner
        );
        await Mark(transaction, vehicleId);
        await transaction.Commit();
        return new DisputeOpened(dispute, []);
    }

    /// <summary>Closes a dispute as staff have decided it; null when there is no such open one.</summary>
    public async Task<Dispute?> Close(Store store, Guid id, bool upheld, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        var dispute = await transaction.Connection.QuerySingleOrDefaultAsync<Dispute>(
            $"""
            select {Columns}
              from dispute d
             where d.dispute_id = @Id
               and d.closed_at is null
            """,
            new { Id = id },
            transaction.Inner
        );
        if (dispute is null)
            return null;
        await Lock(transaction, dispute.VehicleId);
        dispute = dispute with { ClosedAt = clock.Now(), Outcome = upheld ? "upheld" : "rejected" };
        var closed = await transaction.Connection.ExecuteAsync(
            """
            update dispute
               set closed_at = @ClosedAt,
                   outcome = @Outcome
             where dispute_id = @DisputeId
               and closed_at is null
            """,
            dispute,
            transaction.Inner
        );
        // Another officer may have closed it while we waited for the vehicle.
        if (closed == 0)
            return null;
        await Mark(transaction, dispute.VehicleId);
        await transaction.Commit();
        return dispute;
    }

    /// <summary>The disputes that are open, the oldest first: the queue of the staff.</summary>
    public static async Task<List<Dispute>> OpenOnes(Store store, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return (
            await connection.QueryAsync<Dispute>(
                $"""
                select {Columns}
                  from dispute d
                 where d.closed_at is null
                 order by d.opened_at
                """
            )
        ).AsList();
    }

    public static async Task<Dispute?> Find(Store store, Caller caller, Guid id, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<Dispute>(
            $"""
            select {Columns}
              from dispute d
             where d.dispute_id = @Id
               and d.organisation_id = @OrganisationId
            """,
            new { Id = id, caller.OrganisationId }
        );
    }

    /// <summary>The organisation's disputes, the newest first; those opened before the one with an id.</summary>
    public static async Task<List<Dispute>> List(
        Store store,
        Caller caller,
        string before,
        int limit,
        CancellationToken cancel
    )
    {
        await using var connection = await store.Open(cancel);
        Guid? after = Ids.TryRead("dis_", before, out var id) ? id : null;
        return (
            await connection.QueryAsync<Dispute>(
                $"""
                select {Columns}
                  from dispute d
                 where d.organisation_id = @OrganisationId
                   {(after is null ? "" : "and d.dispute_id < @After")}
                 order by d.dispute_id desc
                 limit @Limit
                """,
                new
                {
                    caller.OrganisationId,
                    After = after,
                    Limit = limit,
                }
            )
        ).AsList();
    }

    static bool IsOwn(DecidedNotice notice, Organisation own) =>
        notice.OrganisationId == own.Id || notice.SubmittedBy == own.Id;

    static async Task<Guid?> VehicleOf(Transaction transaction, DisputeWanted wanted)
    {
        var vehicleId = await transaction.Connection.QuerySingleOrDefaultAsync<Guid?>(
            wanted.KeeperChangeId is null
                ? "select vehicle_id from vehicle where registration_number = @Mark"
                : "select vehicle_id from keeper_change where keeper_change_id = @KeeperChangeId",
            wanted,
            transaction.Inner
        );
        if (vehicleId is { } id)
            await Lock(transaction, id);
        return vehicleId;
    }

    static Task Lock(Transaction transaction, Guid vehicleId) =>
        transaction.Store.IsPostgres
            ? transaction.Connection.ExecuteAsync(
                "select vehicle_id from vehicle where vehicle_id = @Id for no key update",
                new { Id = vehicleId },
                transaction.Inner
            )
            : Task.CompletedTask;

    // All that is recorded on the vehicle, in the order of the ledger.
    static async Task<List<DecidedNotice>> Notices(Transaction transaction, Guid vehicleId) =>
        (
            await transaction.Connection.QueryAsync<DecidedNotice>(
                $"""
                {RegisterLoad.SelectDecided}
                 where k.keeper_change_id in (
                       {NoticesOfVehicle.Ids("v.vehicle_id = @VehicleId")})
                 order by {LedgerPage.Position}
                """,
                new { VehicleId = vehicleId },
                transaction.Inner
            )
        ).AsList();

    static async Task<bool> HeldOrKept(
        Transaction transaction,
        Organisation own,
        Guid vehicleId,
        List<DecidedNotice> notices
    )
    {
        if (notices.Exists(notice => notice.ReversedBy is null && RecordBefore.HolderIn(notice.RecordBefore) == own.Id))
            return true;
        var store = transaction.Store;
        return await transaction.Connection.ExecuteScalarAsync<bool>(
            $"""
            select exists (select 1
                             from vehicle
                            where vehicle_id = @VehicleId
                              and (held_by = @Id or last_fleet_number {store.AnyOf("@Fleets")}))
                or exists (select 1
                             from ({Keeperships.Of("v.vehicle_id = @VehicleId")}) k
                            where fleet_number {store.AnyOf("@Fleets")})
            """,
            new
            {
                VehicleId = vehicleId,
                own.Id,
                Fleets = store.List(own.FleetNumbers),
            },
            transaction.Inner
        );
    }

    static Task<Dispute?> EarlierDispute(Transaction transaction, Guid keeperChangeId, string organisationId) =>
        transaction.Connection.QueryFirstOrDefaultAsync<Dispute?>(
            $"""
            select {Columns}
              from dispute d
             where d.keeper_change_id = @KeeperChangeId
               and d.organisation_id = @OrganisationId
             order by d.dispute_id desc
            """,
            new { KeeperChangeId = keeperChangeId, OrganisationId = organisationId },
            transaction.Inner
        );

    static Task<int> Mark(Transaction transaction, Guid vehicleId) =>
        transaction.Connection.ExecuteAsync(
            """
            update vehicle
               set dispute_open = exists (select 1
                                            from dispute
                                           where vehicle_id = @VehicleId
                                             and closed_at is null)
             where vehicle_id = @VehicleId
            """,
            new { VehicleId = vehicleId },
            transaction.Inner
        );
}
