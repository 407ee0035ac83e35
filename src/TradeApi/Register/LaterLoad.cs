using Dapper;
using TradeApi.Database;
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
        set.Concerned = new Concerned
        {
            Notice = notice,
            Referred = later.Referred is { } referred ? await Notice(transaction, referred) : null,
            IsLastEvent = notice.LedgerPosition is { } position && !await IsFollowed(transaction, notice, position),
            MarkIsTaken =
                notice is { RecordBefore: { } before, VehicleId: { } vehicleId }
                && await IsTaken(transaction, before, set.ById(vehicleId)),
            EventDate = corrections.Count == 0 ? notice.EventDate ?? default : corrections[^1].EventDate!.Value,
            Corrections = corrections.ConvertAll(row => row.ToNotice()),
            Began = await Keeperships(transaction, "started_by", id),
            KeeperBefore = (await Keeperships(transaction, "ended_by", id))?.Keeper,
            DetailsBefore = await DetailsBefore(transaction, id),
            DocumentBefore = await transaction.Connection.QuerySingleOrDefaultAsync<string?>(
                "select document_reference_number from document where vehicle_id = @VehicleId and replaced_by = @Id",
                new { notice.VehicleId, Id = id },
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

    static Task<bool> IsFollowed(Transaction transaction, DecidedNotice notice, long position) =>
        transaction.Connection.ExecuteScalarAsync<bool>(
            """
            select exists (select 1
                             from keeper_change k
                             join ledger_leaf l on l.keeper_change_id = k.keeper_change_id
                                               and l.outcome = 'accepted'
                            where k.vehicle_id = @VehicleId
                              and k.outcome = 'accepted'
                              and k.reversed_by is null
                              and k.concerns_id is null
                              and l.position > @Position)
            """,
            new { notice.VehicleId, Position = position },
            transaction.Inner
        );

    static async Task<bool> IsTaken(Transaction transaction, string recordBefore, VehicleRecord record)
    {
        var mark = RecordBefore.Restore(recordBefore, record.Vehicle).RegistrationNumber;
        return mark != record.Vehicle.RegistrationNumber
            && await transaction.Connection.ExecuteScalarAsync<bool>(
                "select exists (select 1 from vehicle where registration_number = @Mark)",
                new { Mark = mark },
                transaction.Inner
            );
    }

    static async Task<List<CorrectionRow>> Corrections(Transaction transaction, Guid id) =>
        (
            await transaction.Connection.QueryAsync<CorrectionRow>(
                """
                select k.event_date, p.content
                  from keeper_change k
                  join ledger_leaf l on l.keeper_change_id = k.keeper_change_id
                                    and l.outcome = 'accepted'
                  join payload p on p.payload_id = k.keeper_change_id
                 where k.concerns_id = @Id
                   and k.type = 'correction'
                   and k.outcome = 'accepted'
                 order by l.position
                """,
                new { Id = id },
                transaction.Inner
            )
        ).AsList();

    static async Task<KeepershipRecord?> Keeperships(Transaction transaction, string by, Guid id)
    {
        var row = await transaction.Connection.QuerySingleOrDefaultAsync<KeeperRow>(
            $"""
            select {KeeperRow.Columns}, keepership_id, vehicle_id, started_on, ended_on
              from keepership
             where {by} = @Id
            """,
            new { Id = id },
            transaction.Inner
        );
        return row is null
            ? null
            : new KeepershipRecord
            {
                KeepershipId = row.KeepershipId,
                VehicleId = row.VehicleId,
                StartedOn = row.StartedOn,
                EndedOn = row.EndedOn,
                Keeper = row.ToKeeper(),
            };
    }

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
        public byte[] Content { get; init; } = [];

        public LaterNotice ToNotice()
        {
            var members = new List<Member>();
            JsonRow.Read(Content, members);
            return LaterNotice.Read(LaterKind.Correction, members);
        }
    }
}
