using Dapper;
using TradeApi.Database;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Register;

/// <summary>Loads the vehicles that a batch names, locked in the order of their marks.</summary>
static class VehicleLoad
{
    /// <summary>Locks the vehicles, and then the certificates, that a batch names.</summary>
    public static void AddLocks(Reads reads, Store store, IReadOnlyList<Notice> notices, WorkingSet set)
    {
        var marks = notices
            .SelectMany(notice =>
                new[] { notice.Change.RegistrationNumber?.Text, notice.Change.NewRegistrationNumber?.Text }
            )
            .OfType<string>()
            .Distinct()
            .ToList();
        if (marks.Count > 0)
            AddLock(reads, store, "registration_number", store.List(marks), set);
        // A notice about an earlier one names that one, and the vehicle may bear another mark since.
        var ids = notices.Select(notice => notice.Later?.Concerns.VehicleId).OfType<Guid>().Distinct().ToList();
        if (ids.Count > 0)
            AddLock(reads, store, "vehicle_id", store.List(ids), set);
        AddCertificates(reads, store, notices, set);
    }

    // A row that had to be waited for is read afresh when it is locked, its keeper and document with it. Nothing is joined to it:
    // that would not be read afresh. SQLite has no locks of rows.
    static void AddLock(Reads reads, Store store, string key, object values, WorkingSet set) =>
        reads.Add<VehicleRow>(
            $"""
            select {Keeperships.InForce},
                   v.registration_number, v.other_registration_number, v.vin, v.vehicle_class,
                   v.date_of_first_registration, v.state, v.state_since, v.held_by, v.salvage_category, v.stolen,
                   v.dispute_open, v.document_suppressed, v.off_road, v.off_road_from, v.last_mileage, v.tax_ended_on,
                   v.tax_due_on, v.last_fleet_number,
                   v.document_reference_number, v.document_issued_on, v.document_issued_by, v.last_keeper_change_id,
                   v.proof_was_guessed, cast(v.{store.PlaceColumn} as text) as place
              from vehicle v
             where v.{key} {store.AnyOf("@Values")}
             order by v.registration_number
               {(store.IsPostgres ? "for no key update" : "")}
            """,
            new { Values = values },
            vehicle => set.Vehicles[vehicle.RegistrationNumber] = vehicle.ToRecord()
        );

    static void AddCertificates(Reads reads, Store store, IReadOnlyList<Notice> notices, WorkingSet set)
    {
        var numbers = notices
            .Select(notice => notice.Change.CertificateNumber?.Text)
            .OfType<string>()
            .Distinct()
            .ToList();
        if (numbers.Count > 0)
            reads.Add<CertificateRow>(
                $"""
                select certificate_number, registration_number, expires_on, used_by
                  from mark_certificate
                 where certificate_number {store.AnyOf("@Numbers")}
                 order by certificate_number
                   {(store.IsPostgres ? "for update" : "")}
                """,
                new { Numbers = store.List(numbers) },
                row => set.Certificates[row.CertificateNumber] = row
            );
    }

    // A vehicle whose only mark is taken off gets one of its age that no vehicle bears or may bear again.
    public static async Task SpareMarks(Transaction transaction, IReadOnlyList<Notice> notices, WorkingSet set)
    {
        var without = notices
            .Where(notice => notice.Change.Type?.Name == "markRetention")
            .Select(notice => notice.Change.RegistrationNumber?.Text)
            .OfType<string>()
            .Distinct()
            .Where(mark =>
                set.Vehicles.TryGetValue(mark, out var record) && record.Vehicle.OtherRegistrationNumber is null
            );
        foreach (var mark in without)
        {
            string spare;
            do
            {
                spare = AgeRelatedMark.Of(set.Vehicles[mark].Vehicle.DateOfFirstRegistration);
            } while (await IsTaken(transaction, spare));
            set.SpareMarks[mark] = spare;
        }
    }

    static Task<bool> IsTaken(Transaction transaction, string mark) =>
        transaction.Connection.ExecuteScalarAsync<bool>(
            """
            select exists (select 1
                             from vehicle
                            where registration_number = @Mark
                               or other_registration_number = @Mark)
                or exists (select 1
                             from mark_certificate
                            where registration_number = @Mark)
            """,
            new { Mark = mark },
            transaction.Inner
        );
}

/// <summary>A vehicle's row, as a batch reads it.</summary>
sealed record VehicleRow : KeeperRow
{
    public string RegistrationNumber { get; init; } = "";
    public string? OtherRegistrationNumber { get; init; }
    public string Vin { get; init; } = "";
    public string VehicleClass { get; init; } = "";
    public DateOnly DateOfFirstRegistration { get; init; }
    public string State { get; init; } = "";
    public DateOnly StateSince { get; init; }
    public string? HeldBy { get; init; }
    public string? SalvageCategory { get; init; }
    public bool Stolen { get; init; }
    public bool DisputeOpen { get; init; }
    public bool DocumentSuppressed { get; init; }
    public bool OffRoad { get; init; }
    public DateOnly? OffRoadFrom { get; init; }
    public string? LastFleetNumber { get; init; }
    public int? LastMileage { get; init; }
    public DateOnly? TaxEndedOn { get; init; }
    public DateOnly? TaxDueOn { get; init; }
    public string DocumentReferenceNumber { get; init; } = "";
    public DateOnly? DocumentIssuedOn { get; init; }
    public Guid? DocumentIssuedBy { get; init; }
    public Guid? LastKeeperChangeId { get; init; }
    public bool ProofWasGuessed { get; init; }
    public string Place { get; init; } = "";

    public VehicleRecord ToRecord()
    {
        var keepership = ToKeepership();
        return new()
        {
            VehicleId = VehicleId,
            Place = Place,
            Keepership = keepership,
            LastKeeperChangeId = LastKeeperChangeId,
            ProofWasGuessed = ProofWasGuessed,
            DocumentIssuedOn = DocumentIssuedOn,
            DocumentIssuedBy = DocumentIssuedBy,
            Vehicle = new Vehicle
            {
                RegistrationNumber = RegistrationNumber,
                OtherRegistrationNumber = OtherRegistrationNumber,
                Vin = Vin,
                DocumentReferenceNumber = DocumentReferenceNumber,
                VehicleClass = VehicleClass,
                DateOfFirstRegistration = DateOfFirstRegistration,
                State = VehicleStates.Read(State),
                StateSince = StateSince,
                HeldBy = HeldBy,
                SalvageCategory = SalvageCategory?[0],
                Stolen = Stolen,
                DisputeOpen = DisputeOpen,
                DocumentSuppressed = DocumentSuppressed,
                OffRoad = OffRoad,
                OffRoadFrom = OffRoadFrom,
                LastFleetNumber = LastFleetNumber,
                LastMileage = LastMileage,
                TaxEndedOn = TaxEndedOn,
                TaxDueOn = TaxDueOn,
                Keeper = keepership?.Keeper,
                KeeperSince = keepership?.StartedOn,
            },
        };
    }
}

/// <summary>A certificate that gives the right to a mark, as the register keeps it.</summary>
sealed record CertificateRow
{
    public string CertificateNumber { get; init; } = "";
    public string RegistrationNumber { get; init; } = "";
    public DateOnly ExpiresOn { get; init; }
    public Guid? UsedBy { get; init; }

    /// <summary>The certificate as a rule looks at it. What a notice has itself used is free to its own correction.</summary>
    public MarkCertificate For(Guid keeperChangeId) =>
        new(RegistrationNumber, ExpiresOn, Used: UsedBy is not null && UsedBy != keeperChangeId);
}
