using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Vehicles;

/// <summary>One look-up of a keeper, as it is kept.</summary>
sealed record KeeperEnquiry
{
    public required Guid KeeperEnquiryId { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required RegistrationNumber Mark { get; init; }
    public required DateOnly Date { get; init; }
    public required string Purpose { get; init; }
    public required string CaseReference { get; init; }
}

static class KeeperAtDateStore
{
    /// <summary>Finds the keeper and keeps the look-up; what is found is given away only after the commit.</summary>
    /// <returns>Whether a vehicle bears the mark, and its keeper on the day, if it had one.</returns>
    public static async Task<(bool IsThere, KeeperAnswer? Keeper)> Ask(
        Store store,
        Caller caller,
        KeeperEnquiry enquiry,
        CancellationToken cancel
    )
    {
        await using var transaction = await store.Begin(cancel);
        var vehicleId = await transaction.Connection.QuerySingleOrDefaultAsync<Guid?>(
            """
            select vehicle_id
              from vehicle
             where registration_number = @Mark
            """,
            new { Mark = enquiry.Mark.Text },
            transaction.Inner
        );
        var keeper = vehicleId is { } id ? await Keeper(transaction, id, enquiry.Date) : null;
        await transaction.Connection.ExecuteAsync(
            """
            insert into keeper_enquiry (keeper_enquiry_id, organisation_id, client_id, asked_at, purpose, case_reference,
                                        registration_number, vehicle_id, on_date, answered)
                 values (@KeeperEnquiryId, @OrganisationId, @ClientId, @AskedAt, @Purpose, @CaseReference,
                         @Mark, @VehicleId, @Date, @Answered)
            """,
            new
            {
                enquiry.KeeperEnquiryId,
                caller.OrganisationId,
                caller.ClientId,
                enquiry.AskedAt,
                enquiry.Purpose,
                enquiry.CaseReference,
                Mark = enquiry.Mark.Text,
                VehicleId = vehicleId,
                enquiry.Date,
                Answered = keeper is not null,
            },
            transaction.Inner
        );
        await transaction.Commit();
        return (vehicleId is not null, keeper);
    }

    // Of two keeperships that touch on the day, the later one counts. Several that began and ended on one day are told
    // apart by their ids, which are made in the order of their notices.
    static async Task<KeeperAnswer?> Keeper(Transaction transaction, Guid vehicleId, DateOnly date)
    {
        var row = await transaction.Connection.QuerySingleOrDefaultAsync<KeeperRow>(
            $"""
            select k.started_on, k.ended_on, k.title, k.first_names, k.last_name, k.business_name, k.fleet_number,
                   k.address_line1, k.address_line2, k.address_line3, k.post_town, k.postcode
              from ({Keeperships.Of("v.vehicle_id = @VehicleId")}) k
             where k.started_on <= @Date
               and (k.ended_on is null or k.ended_on >= @Date)
             order by k.started_on desc, case when k.ended_on is null then 0 else 1 end, k.ended_on desc,
                      k.keepership_id desc
             limit 1
            """,
            new { VehicleId = vehicleId, Date = date },
            transaction.Inner
        );
        return row?.ToAnswer();
    }

    // Driver number and email are not here: nobody is told them.
    sealed record KeeperRow
    {
        public DateOnly StartedOn { get; init; }
        public DateOnly? EndedOn { get; init; }
        public string? Title { get; init; }
        public string? FirstNames { get; init; }
        public string? LastName { get; init; }
        public string? BusinessName { get; init; }
        public string? FleetNumber { get; init; }
        public string? AddressLine1 { get; init; }
        public string? AddressLine2 { get; init; }
        public string? AddressLine3 { get; init; }
        public string? PostTown { get; init; }
        public string? Postcode { get; init; }

        public KeeperAnswer ToAnswer() =>
            new()
            {
                Title = Title,
                FirstNames = FirstNames,
                LastName = LastName,
                BusinessName = BusinessName,
                FleetNumber = FleetNumber,
                Address = new KeeperAddressAnswer
                {
                    Line1 = AddressLine1,
                    Line2 = AddressLine2,
                    Line3 = AddressLine3,
                    PostTown = PostTown,
                    Postcode = Postcode,
                },
                From = StartedOn,
                To = EndedOn,
            };
    }
}
