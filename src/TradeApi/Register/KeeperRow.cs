using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>A keeper as the tables have one: on a vehicle, on a keepership that has ended, or as replaced by other details.</summary>
record KeeperRow
{
    public const string Columns = """
        title, first_names, last_name, business_name, fleet_number, driver_number, email, address_line1,
                   address_line2, address_line3, post_town, postcode
        """;

    /// <summary>Zeros when there is none.</summary>
    public Guid KeepershipId { get; init; }
    public Guid VehicleId { get; init; }
    public DateOnly StartedOn { get; init; }
    public Guid? StartedBy { get; init; }
    public DateOnly? EndedOn { get; init; }
    public Guid? EndedBy { get; init; }
    public string? Title { get; init; }
    public string? FirstNames { get; init; }
    public string? LastName { get; init; }
    public string? BusinessName { get; init; }
    public string? FleetNumber { get; init; }
    public string? DriverNumber { get; init; }
    public string? Email { get; init; }
    public string? AddressLine1 { get; init; }
    public string? AddressLine2 { get; init; }
    public string? AddressLine3 { get; init; }
    public string? PostTown { get; init; }
    public string? Postcode { get; init; }

    public KeepershipRecord? ToKeepership() =>
        KeepershipId == Guid.Empty
            ? null
            : new KeepershipRecord
            {
                KeepershipId = KeepershipId,
                Keeper = ToKeeper(),
                StartedOn = StartedOn,
                StartedBy = StartedBy,
                EndedOn = EndedOn,
                EndedBy = EndedBy,
            };

    public RegisteredKeeper ToKeeper() =>
        new()
        {
            Title = Title,
            FirstNames = FirstNames,
            LastName = LastName,
            BusinessName = BusinessName,
            FleetNumber = FleetNumber,
            DriverNumber = DriverNumber,
            Email = Email,
            AddressLine1 = AddressLine1,
            AddressLine2 = AddressLine2,
            AddressLine3 = AddressLine3,
            PostTown = PostTown,
            Postcode = Postcode,
        };
}
