using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Register;

/// <summary>Loads what a later notice must know of the earlier one. Such notices come one at a time.</summary>
static class LaterLoad
{
    public static async Task Load(Transaction transaction, IReadOnlyList<Notice> notices, WorkingSet set)
    {
        if (notices is not [{ Later: { } later }])
            return;
        var id = later.Concerns.KeeperChangeId;
        var notice = await Notice(transaction, id);
        var corrections = await Corrections(transaction, id);
        var began = await Keepership(transaction, notice, "started_by");
        set.Concerned = new Concerned
        {
            Notice = notice,
            Referred = later.Referred is { } referred ? await Notice(transaction, referred) : null,
            Followers = await Followers(transaction, notice),
            IsComplete = corrections.TrueForAll(row => row.Content is not null),
            MarkIsTaken =
                notice is { RecordBefore: { } before, VehicleId: { } vehicleId }
                && await IsTaken(transaction, before, set.ById(vehicleId)),
            EventDate = corrections.Count == 0 ? notice.EventDate ?? default : corrections[^1].EventDate!.Value,
            Corrections = corrections.ConvertAll(row => row.ToNotice()),
            Began = began,
            LaterDetails = began is null ? [] : await LaterDetails(transaction, began.KeepershipId, id),
            Ended = await Keepership(transaction, notice, "ended_by"),
            DetailsBefore = await DetailsBefore(transaction, id),
            DocumentBefore = await transaction.Connection.QuerySingleOrDefaultAsync<FormerDocument>(
                """
                select document_reference_number, issued_on, issued_by, replaced_on
                  from replaced_document
                 where replaced_by = @Id
                """,
                new { Id = id },
                transaction.Inner
            ),
        };
    }

    static Task<DecidedNotice> Notice(Transaction transaction, Guid id) =>
        transaction.Connection.QuerySingleAsync<DecidedNotice>(
            $"""
            {RegisterLoad.SelectDecided}
             where k.keeper_change_id = @Id
            """,
            new { Id = id },
            transaction.Inner
        );

    static async Task<List<(Guid, string)>> Followers(Transaction transaction, DecidedNotice notice) => (
            await transaction.Connection.QueryAsync<DecidedNotice>(
                $"""
                {RegisterLoad.SelectDecided}
                 where k.keeper_change_id in (
                       {NoticesOfVehicle.Ids("v.vehicle_id = @VehicleId")})
                   and k.outcome = 'accepted'
                   and k.reversed_by is null
                   and k.concerns_id is null
                   and {LedgerPage.Position} > @LedgerPosition
                 order by {LedgerPage.Position}
                """,
                new { notice.VehicleId, notice.LedgerPosition },
                transaction.Inner
            )
        ).Select(follower => (follower.KeeperChangeId, follower.RecordBefore ?? "")).ToList();

    static async Task<List<(Guid, RegisteredKeeper)>> LaterDetails(
        Transaction transaction,
        Guid keepershipId,
        Guid concernedId
    ) => (
            await transaction.Connection.QueryAsync<FormerRow>(
                $"""
                select {KeeperRow.Columns}, f.replaced_by
                  from former_details f
                  join keeper_change k on k.keeper_change_id = f.replaced_by
                  join {LedgerPage.OfNotice}
                 where f.keepership_id = @KeepershipId
                   and (k.concerns_id is null or k.concerns_id <> @ConcernedId)
                 order by {LedgerPage.Position}
                """,
                new { KeepershipId = keepershipId, ConcernedId = concernedId },
                transaction.Inner
            )
        ).Select(row => (row.ReplacedBy, row.ToKeeper())).ToList();

    static async Task<bool> IsTaken(Transaction transaction, string recordBefore, VehicleRecord record)
    {
        var mark = RecordBefore.Restore(recordBefore, record.Vehicle).RegistrationNumber;
        return mark != record.Vehicle.RegistrationNumber
            && await transaction.Connection.ExecuteScalarAsync<bool>(
                """
                select exists (select 1
                                 from vehicle
                                where (registration_number = @Mark or other_registration_number = @Mark)
                                  and vehicle_id <> @VehicleId)
                """,
                new { Mark = mark, record.VehicleId },
                transaction.Inner
            );
    }

    static async Task<List<CorrectionRow>> Corrections(Transaction transaction, Guid id) =>
        (
            await transaction.Connection.QueryAsync<CorrectionRow>(
                $"""
                select k.event_date, {Payload.TextOfNotice} as content
                  from keeper_change k
                  join {LedgerPage.OfNotice}
                  left join {Payload.OfNotice}
                 where k.concerns_id = @Id
                   and k.type = 'correction'
                   and k.outcome = 'accepted'
                 order by {LedgerPage.Position}
                """,
                new { Id = id },
                transaction.Inner
            )
        ).AsList();

    static async Task<KeepershipRecord?> Keepership(Transaction transaction, DecidedNotice notice, string by) =>
        (
            await transaction.Connection.QuerySingleOrDefaultAsync<KeeperRow>(
                $"""
                select *
                  from ({Keeperships.Of("v.vehicle_id = @VehicleId")}) k
                 where {by} = @KeeperChangeId
                """,
                new { notice.VehicleId, notice.KeeperChangeId },
                transaction.Inner
            )
        )?.ToKeepership();

    static async Task<RegisteredKeeper?> DetailsBefore(Transaction transaction, Guid id) =>
        (
            await transaction.Connection.QuerySingleOrDefaultAsync<KeeperRow>(
                $"""
                select {KeeperRow.Columns}
                  from former_details
                 where replaced_by = @Id
                """,
                new { Id = id },
                transaction.Inner
            )
        )?.ToKeeper();

    sealed record CorrectionRow
    {
        public DateOnly? EventDate { get; init; }
        public byte[]? Content { get; init; }

        public LaterNotice ToNotice()
        {
            var members = new List<Member>();
            if (Content is not null)
                JsonRow.Read(Content, members);
            return LaterNotice.Read(LaterKind.Correction, members);
        }
    }

    sealed record FormerRow : KeeperRow
    {
        public Guid ReplacedBy { get; init; }
    }
}
