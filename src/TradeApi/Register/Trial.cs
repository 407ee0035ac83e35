using System.Text.Json;
using Dapper;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>
/// What a file that is only judged has done so far: its later rows are judged as if the earlier ones were recorded, and
/// nobody else sees any of it. It is kept beside the register and not in memory, so that a million rows need none and
/// whoever takes the work over goes on in the middle.
/// </summary>
static class Trial
{
    /// <summary>Puts what earlier rows of the file have done over what the register says.</summary>
    public static async Task Load(
        Transaction transaction,
        Guid submissionId,
        IReadOnlyList<Notice> notices,
        WorkingSet set
    )
    {
        await Vehicles(transaction, submissionId, notices, set);
        await Recorded(transaction, submissionId, set);
        await References(transaction, submissionId, notices, set);
    }

    /// <summary>Keeps what the rows of this batch have done.</summary>
    public static async Task Save(Transaction transaction, Guid submissionId, WorkingSet set, CancellationToken cancel)
    {
        var changed = set.Vehicles.Values.Where(record => record.Changed).ToList();
        await transaction.Connection.ExecuteAsync(
            $"""
            delete from trial_vehicle
             where submission_id = @SubmissionId
               and registration_number {transaction.Store.AnyOf("@Marks")}
            """,
            new
            {
                SubmissionId = submissionId,
                Marks = transaction.Store.List(
                    changed
                        .Select(record => record.Vehicle.RegistrationNumber)
                        .Concat(changed.Select(record => record.MarkBefore).OfType<string>())
                ),
            },
            transaction.Inner
        );
        await Bulk.Insert(
            transaction,
            "trial_vehicle",
            [
                .. changed.Select(record => new TrialVehicle
                {
                    RegistrationNumber = record.Vehicle.RegistrationNumber,
                    VehicleId = record.VehicleId,
                    Content = JsonSerializer.Serialize(record.Vehicle, Json.Options),
                }),
                // Under the mark before, the file's later rows find nobody.
                .. changed
                    .Where(record =>
                        record.MarkBefore is { } mark
                        && !changed.Exists(other => other.Vehicle.RegistrationNumber == mark)
                    )
                    .Select(record => new TrialVehicle
                    {
                        RegistrationNumber = record.MarkBefore!,
                        VehicleId = record.VehicleId,
                    }),
            ],
            [
                Column<TrialVehicle>.Of<Guid>("submission_id", _ => submissionId),
                Column<TrialVehicle>.Of("registration_number", row => row.RegistrationNumber),
                Column<TrialVehicle>.Of<Guid>("vehicle_id", row => row.VehicleId),
                Column<TrialVehicle>.Of("content", row => row.Content),
            ],
            cancel
        );
        await Bulk.Insert(
            transaction,
            "trial_notice",
            set.Decided.Where(notice => notice.Outcome != "refused").ToList(),
            [
                Column<DecidedNotice>.Of<Guid>("submission_id", _ => submissionId),
                Column<DecidedNotice>.Of("organisation_id", notice => notice.OrganisationId),
                Column<DecidedNotice>.Of("client_reference", notice => notice.ClientReference),
                Column<DecidedNotice>.Of("outcome", notice => notice.Outcome),
                Column<DecidedNotice>.Of("vehicle_id", notice => notice.VehicleId),
                Column<DecidedNotice>.Of("type", notice => notice.Type),
                Column<DecidedNotice>.Of("event_date", notice => notice.EventDate),
                Column<DecidedNotice>.Of("salt", notice => notice.Salt),
                Column<DecidedNotice>.Of("digest", notice => notice.Digest),
            ],
            cancel
        );
    }

    /// <summary>The file has ended: nobody is to be judged by it any more.</summary>
    public static void Forget(Writes writes, Guid submissionId)
    {
        Column<Guid>[] key = [Column<Guid>.Of<Guid>("submission_id", id => id)];
        writes.Execute("delete from trial_vehicle where submission_id = @submission_id", [submissionId], key);
        writes.Execute("delete from trial_notice where submission_id = @submission_id", [submissionId], key);
    }

    /// <summary>What is left of files that have ended: their worker may have been killed before it forgot them.</summary>
    public static async Task ForgetEnded(Store store, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        foreach (var table in new[] { "trial_vehicle", "trial_notice" })
            await transaction.Connection.ExecuteAsync(
                $"""
                delete from {table}
                 where exists (
                           select 1
                             from submission s
                            where s.submission_id = {table}.submission_id
                              and s.state in ('completed', 'cancelled')
                       )
                """,
                transaction: transaction.Inner
            );
        await transaction.Commit();
    }

    static async Task Vehicles(
        Transaction transaction,
        Guid submissionId,
        IReadOnlyList<Notice> notices,
        WorkingSet set
    )
    {
        var marks = notices.SelectMany(notice =>
            new[] { notice.Change.RegistrationNumber?.Text, notice.Change.NewRegistrationNumber?.Text }
        );
        var rows = await transaction.Connection.QueryAsync<TrialVehicle>(
            $"""
            select registration_number, vehicle_id, content
              from trial_vehicle
             where submission_id = @SubmissionId
               and registration_number {transaction.Store.AnyOf("@Marks")}
            """,
            new { SubmissionId = submissionId, Marks = transaction.Store.List(marks.OfType<string>().Distinct()) },
            transaction.Inner
        );
        foreach (var row in rows)
        {
            set.Vehicles.Remove(row.RegistrationNumber);
            if (row.Content.Length == 0)
                continue;
            var vehicle = JsonSerializer.Deserialize<Vehicle>(row.Content, Json.Options)!;
            set.Vehicles[vehicle.RegistrationNumber] = new VehicleRecord
            {
                VehicleId = row.VehicleId,
                Vehicle = vehicle,
                // Only its keeper is ever looked at: nothing of a trial is saved as a keepership.
                Keepership = vehicle.Keeper is { } keeper
                    ? new KeepershipRecord
                    {
                        KeepershipId = Guid.CreateVersion7(),
                        Keeper = keeper,
                        StartedOn = vehicle.StateSince,
                    }
                    : null,
            };
        }
    }

    static async Task Recorded(Transaction transaction, Guid submissionId, WorkingSet set)
    {
        var store = transaction.Store;
        var anyOf = store.IsPostgres ? "= any(@Vehicles::uuid[])" : store.AnyOf("@Vehicles");
        var rows = await transaction.Connection.QueryAsync<TrialNotice>(
            $"""
            select organisation_id, client_reference, outcome, vehicle_id, type, event_date, salt, digest
              from trial_notice
             where submission_id = @SubmissionId
               and vehicle_id {anyOf}
               and outcome = 'accepted'
            """,
            new
            {
                SubmissionId = submissionId,
                Vehicles = store.List(set.Vehicles.Values.Select(record => record.VehicleId.ToString("D"))),
            },
            transaction.Inner
        );
        foreach (var row in rows)
            set.Recorded.Add((row.VehicleId, row.Type, row.EventDate, row.OrganisationId));
    }

    static async Task References(
        Transaction transaction,
        Guid submissionId,
        IReadOnlyList<Notice> notices,
        WorkingSet set
    )
    {
        var store = transaction.Store;
        var rows = await transaction.Connection.QueryAsync<TrialNotice>(
            $"""
            select organisation_id, client_reference, outcome, vehicle_id, type, event_date, salt, digest
              from trial_notice
             where submission_id = @SubmissionId
               and organisation_id {store.AnyOf("@Organisations")}
               and client_reference {store.AnyOf("@References")}
            """,
            new
            {
                SubmissionId = submissionId,
                Organisations = store.List(notices.Select(notice => notice.ActingFor).Distinct()),
                References = store.List(
                    notices.Select(notice => notice.Change.ClientReference).OfType<string>().Distinct()
                ),
            },
            transaction.Inner
        );
        foreach (var row in rows)
            set.ByReference[(row.OrganisationId, row.ClientReference)] = row.ToDecided(notices[0]);
    }

    sealed record TrialVehicle
    {
        public string RegistrationNumber { get; init; } = "";
        public Guid VehicleId { get; init; }
        public string Content { get; init; } = "";
    }

    sealed record TrialNotice
    {
        public string OrganisationId { get; init; } = "";
        public string ClientReference { get; init; } = "";
        public string Outcome { get; init; } = "";
        public Guid VehicleId { get; init; }
        public string Type { get; init; } = "";
        public DateOnly EventDate { get; init; }
        public byte[] Salt { get; init; } = [];
        public byte[] Digest { get; init; } = [];

        // It has no id and no place in the ledger: there is nothing to read of it.
        public DecidedNotice ToDecided(Notice sameFile) =>
            new()
            {
                KeeperChangeId = Guid.Empty,
                Type = Type,
                Outcome = Outcome,
                OrganisationId = OrganisationId,
                SubmittedBy = sameFile.SubmittedBy,
                ClientId = sameFile.ClientId,
                ClientReference = ClientReference,
                ReceivedAt = sameFile.ReceivedAt,
                DecidedAt = sameFile.ReceivedAt,
                Salt = Salt,
                Digest = Digest,
            };
    }
}
