using TradeApi.Rules.Values;

namespace TradeApi.Rules;

/// <summary>Who a notice says the registered keeper is, as far as it could be read.</summary>
public sealed class KeeperDetails
{
    internal KeeperDetails() { }

    public Title? Title { get; internal set; }

    public FirstNames? FirstNames { get; internal set; }

    public LastName? LastName { get; internal set; }

    public BusinessName? BusinessName { get; internal set; }

    public FleetNumber? FleetNumber { get; internal set; }

    public DriverNumber? DriverNumber { get; internal set; }

    public EmailAddress? Email { get; internal set; }

    public AddressLine1? AddressLine1 { get; internal set; }

    public AddressLine? AddressLine2 { get; internal set; }

    public AddressLine? AddressLine3 { get; internal set; }

    public PostTown? PostTown { get; internal set; }

    public Postcode? Postcode { get; internal set; }

    /// <summary>The keeper for the record.</summary>
    public RegisteredKeeper ToRegisteredKeeper() =>
        new()
        {
            Title = Title?.Text,
            FirstNames = FirstNames?.Text,
            LastName = LastName?.Text,
            BusinessName = BusinessName?.Text,
            FleetNumber = FleetNumber?.Text,
            DriverNumber = DriverNumber?.Text,
            Email = Email?.Text,
            AddressLine1 = AddressLine1?.Text,
            AddressLine2 = AddressLine2?.Text,
            AddressLine3 = AddressLine3?.Text,
            PostTown = PostTown?.Text,
            Postcode = Postcode?.Text,
        };

    /// <summary>A keeper on the record with what is given here in place of what was there: a name and an address are replaced whole.</summary>
    public RegisteredKeeper Over(RegisteredKeeper keeper)
    {
        var given = ToRegisteredKeeper();
        if (given.LastName is not null || given.BusinessName is not null)
            keeper = keeper.WithNameOf(given);
        if (given.AddressLine1 is not null)
            keeper = keeper.WithAddressOf(given);
        return keeper;
    }
}
