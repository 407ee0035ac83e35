namespace TradeApi.Rules;

/// <summary>The states of a vehicle's record. A record is in one of them; the marks stand beside it.</summary>
public enum VehicleState
{
    /// <summary>A registered keeper is on the record.</summary>
    WithKeeper,

    /// <summary>No keeper: a trader holds the vehicle.</summary>
    InTrade,

    /// <summary>No keeper: an insurer took the vehicle on total loss.</summary>
    WithInsurer,

    /// <summary>The keeper has died and stays on the record until the vehicle is disposed of.</summary>
    KeeperDeceased,

    /// <summary>Taken out of the country for good.</summary>
    Exported,

    /// <summary>Destroyed. Nothing follows.</summary>
    Destroyed,
}

/// <summary>What the register says of a vehicle, as far as a rule may look at it.</summary>
public sealed record Vehicle
{
    /// <summary>The mark that it bears, in canonical form.</summary>
    public required string RegistrationNumber { get; init; }

    /// <summary>The mark that it bears again when this one is taken off; null when it has no other.</summary>
    public string? OtherRegistrationNumber { get; init; }

    /// <summary>The vehicle identification number, or the chassis number of an old vehicle.</summary>
    public required string Vin { get; init; }

    /// <summary>The number of the registration document in force. Earlier ones prove nothing.</summary>
    public required string DocumentReferenceNumber { get; init; }

    /// <summary><c>car</c>, <c>lightVan</c>, <c>threeWheeler</c>, <c>motorcycle</c>, <c>goodsVehicle</c> and so on.</summary>
    public required string VehicleClass { get; init; }

    /// <summary>The day of its first registration anywhere.</summary>
    public required DateOnly DateOfFirstRegistration { get; init; }

    /// <summary>The state of the record.</summary>
    public required VehicleState State { get; init; }

    /// <summary>The day the state began: the keeper's start, the disposal, the destruction.</summary>
    public required DateOnly StateSince { get; init; }

    /// <summary>The day on which the keeper's time began, of a vehicle with a keeper, when the register knows it.</summary>
    public DateOnly? KeeperSince { get; init; }

    /// <summary>The organisation that holds it, in trade or with an insurer.</summary>
    public string? HeldBy { get; init; }

    /// <summary>The insurer's category: A, B (never again on the road), S or N (repairable).</summary>
    public char? SalvageCategory { get; init; }

    /// <summary>Reported stolen.</summary>
    public bool Stolen { get; init; }

    /// <summary>An organisation disputes a notice on it.</summary>
    public bool DisputeOpen { get; init; }

    /// <summary>The mark has been guessed at so often that a person must look.</summary>
    public bool UnderGuard { get; init; }

    /// <summary>A fleet's document that has not been issued.</summary>
    public bool DocumentSuppressed { get; init; }

    /// <summary>Declared off the road (SORN).</summary>
    public bool OffRoad { get; init; }

    /// <summary>The first day off the road, when that was declared with a day of its own.</summary>
    public DateOnly? OffRoadFrom { get; init; }

    /// <summary>The last mileage notified.</summary>
    public int? LastMileage { get; init; }

    /// <summary>The day from which the tax is refunded in whole months: the day of receipt of the notice that ended it.</summary>
    public DateOnly? TaxEndedOn { get; init; }

    /// <summary>The first day that no tax is paid for, as far as the register knows; of the keeper who paid it.</summary>
    public DateOnly? TaxDueOn { get; init; }

    /// <summary>The registered keeper, with a keeper or after the keeper's death.</summary>
    public RegisteredKeeper? Keeper { get; init; }

    /// <summary>The fleet that was the last keeper, as long as nobody else has become keeper.</summary>
    public string? LastFleetNumber { get; init; }

    /// <summary>The vehicle taken into trade: no keeper, and the tax ends on the day of receipt.</summary>
    public Vehicle IntoTrade(string holder, DateOnly on, DateOnly receivedOn) =>
        WithoutKeeper(VehicleState.InTrade, on, receivedOn) with
        {
            HeldBy = holder,
        };

    /// <summary>The vehicle without keeper or holder, in another state. Off road does not pass on, and neither does tax.</summary>
    public Vehicle WithoutKeeper(VehicleState state, DateOnly on, DateOnly receivedOn) =>
        this with
        {
            State = state,
            StateSince = on,
            HeldBy = null,
            Keeper = null,
            KeeperSince = null,
            LastFleetNumber = Keeper?.FleetNumber ?? LastFleetNumber,
            OffRoad = false,
            OffRoadFrom = null,
            TaxEndedOn = State switch
            {
                VehicleState.WithKeeper => receivedOn,
                // The death has ended it, unless that was never notified.
                VehicleState.KeeperDeceased => TaxEndedOn ?? receivedOn,
                _ => TaxEndedOn,
            },
        };

    /// <summary>The vehicle with a new keeper. A new document is issued to that keeper; its number is the register's to give.</summary>
    public Vehicle ToKeeper(RegisteredKeeper keeper, DateOnly on) =>
        this with
        {
            State = VehicleState.WithKeeper,
            StateSince = on,
            HeldBy = null,
            Keeper = keeper,
            KeeperSince = on,
            LastFleetNumber = null,
            OffRoad = false,
            OffRoadFrom = null,
            DocumentSuppressed = false,
        };
}
