using TradeApi.Rules.Values;
using static TradeApi.Rules.Field;

namespace TradeApi.Rules;

/// <content>The members that say who a keeper is: <c>newKeeper</c>, and the new name or address of the same keeper.</content>
public static partial class Fields
{
    /// <summary>The name of a new keeper.</summary>
    public static readonly NameFields NewKeeperName = NameFields.In("newKeeper", change => change.NewKeeper);

    /// <summary>The address of a new keeper.</summary>
    public static readonly AddressFields NewKeeperAddress = AddressFields.In(
        "newKeeper.address",
        change => change.NewKeeper
    );

    public static readonly Field KeeperFleetNumber = NameFields.Part(
        "newKeeper.fleetNumber",
        "The new keeper's fleet number: six digits, or five digits and a hyphen.",
        "123456",
        change => change.NewKeeper,
        Values.FleetNumber.Read,
        (keeper, value) => keeper.FleetNumber = value,
        keeper => keeper.FleetNumber
    );

    public static readonly Field DriverNumber = NameFields.Part(
        "newKeeper.driverNumber",
        "The person's driver number, 16 characters.",
        "SAMPL912238FF9IJ",
        change => change.NewKeeper,
        Values.DriverNumber.Read,
        (keeper, value) => keeper.DriverNumber = value,
        keeper => keeper.DriverNumber
    );

    public static readonly Field Email = NameFields.Part(
        "newKeeper.email",
        "Where the keeper can be written to.",
        "keeper@example.com",
        change => change.NewKeeper,
        EmailAddress.Read,
        (keeper, value) => keeper.Email = value,
        keeper => keeper.Email
    );

    /// <summary>The members of <c>newKeeper</c>.</summary>
    public static readonly IReadOnlyList<Field> OfNewKeeper =
    [
        .. NewKeeperName.All,
        KeeperFleetNumber,
        DriverNumber,
        Email,
        .. NewKeeperAddress.All,
    ];

    /// <summary>The new name of the same keeper.</summary>
    public static readonly NameFields NewName = NameFields.In("newName", change => change.NewDetails);

    /// <summary>The new address of the same keeper.</summary>
    public static readonly AddressFields NewAddress = AddressFields.In("newAddress", change => change.NewDetails);
}

/// <summary>The members that name one person or one business, and what is found when they do not.</summary>
public sealed record NameFields(string Path, Field Title, Field FirstNames, Field LastName, Field BusinessName)
{
    /// <summary>All of them, in the order of the contract.</summary>
    public IReadOnlyList<Field> All { get; } = [Title, FirstNames, LastName, BusinessName];

    string Pointer { get; } = "/" + Path.Replace('.', '/');

    internal static NameFields In(string path, Func<KeeperChange, KeeperDetails> of) =>
        new(
            path,
            Part(
                path + ".title",
                "The person's title, up to 10 characters.",
                "Ms",
                of,
                Values.Title.Read,
                (keeper, value) => keeper.Title = value,
                keeper => keeper.Title
            ),
            Part(
                path + ".firstNames",
                "The person's first names; with the title up to 26 characters.",
                "Ffion",
                of,
                Values.FirstNames.Read,
                (keeper, value) => keeper.FirstNames = value,
                keeper => keeper.FirstNames
            ),
            Part(
                path + ".lastName",
                "The person's last name, 1–25 characters.",
                "O'Neill-Jones",
                of,
                Values.LastName.Read,
                (keeper, value) => keeper.LastName = value,
                keeper => keeper.LastName
            ),
            Part(
                path + ".businessName",
                "The business's name, 2–30 characters.",
                "Sample Hire Ltd",
                of,
                Values.BusinessName.Read,
                (keeper, value) => keeper.BusinessName = value,
                keeper => keeper.BusinessName
            )
        );

    internal static Field Part<T>(
        string path,
        string description,
        string example,
        Func<KeeperChange, KeeperDetails> of,
        Func<string, Reading<T>> read,
        Action<KeeperDetails, T> set,
        Func<KeeperDetails, T?> get
    )
        where T : struct =>
        Text(
            path,
            description,
            example,
            (change, text, _) => Take(read(text), of(change), set),
            change => get(of(change))?.ToString()
        );

    internal void Judge(KeeperChange change, KeeperDetails details, List<Finding> findings)
    {
        var person = change.Has(Title) || change.Has(FirstNames) || change.Has(LastName);
        var business = change.Has(BusinessName);
        if (person == business)
            findings.Add(
                new Finding(
                    "keeper.person-or-business",
                    Severity.Refuse,
                    Pointer,
                    "A keeper is either one person (lastName) or one business (businessName). Give one of the two."
                )
            );
        else if (person && !change.Has(LastName))
            findings.Add(LastName.Missing());

        if (details is { Title: { } title, FirstNames: { } names } && names.FaultWith(title) is { } fault)
            findings.Add(new Finding(fault.Code, Severity.Refuse, FirstNames.Pointer, fault.Message));
    }
}

/// <summary>The members of a postal address, and what is found when one that is needed is missing.</summary>
public sealed record AddressFields(string Path, Field Line1, Field Line2, Field Line3, Field PostTown, Field Postcode)
{
    /// <summary>All of them, in the order of the contract.</summary>
    public IReadOnlyList<Field> All { get; } = [Line1, Line2, Line3, PostTown, Postcode];

    /// <summary>Those that an address must have.</summary>
    public IReadOnlyList<Field> Asked { get; } = [Line1, PostTown, Postcode];

    internal static AddressFields In(string path, Func<KeeperChange, KeeperDetails> of) =>
        new(
            path,
            NameFields.Part(
                path + ".line1",
                "First line of the address, 4–30 characters with at least three letters.",
                "1 Heol y Parc",
                of,
                AddressLine1.Read,
                (keeper, value) => keeper.AddressLine1 = value,
                keeper => keeper.AddressLine1
            ),
            NameFields.Part(
                path + ".line2",
                "Second line, up to 30 characters.",
                "Sketty",
                of,
                AddressLine.Read,
                (keeper, value) => keeper.AddressLine2 = value,
                keeper => keeper.AddressLine2
            ),
            NameFields.Part(
                path + ".line3",
                "Third line, up to 30 characters.",
                "Uplands",
                of,
                AddressLine.Read,
                (keeper, value) => keeper.AddressLine3 = value,
                keeper => keeper.AddressLine3
            ),
            NameFields.Part(
                path + ".postTown",
                "The post town, 3–20 characters.",
                "Swansea",
                of,
                Values.PostTown.Read,
                (keeper, value) => keeper.PostTown = value,
                keeper => keeper.PostTown
            ),
            NameFields.Part(
                path + ".postcode",
                "The postcode, in the United Kingdom. A keeper in Jersey, Guernsey or the Isle of Man needs a permanent export.",
                "SA1 1AA",
                of,
                Values.Postcode.Read,
                (keeper, value) => keeper.Postcode = value,
                keeper => keeper.Postcode
            )
        );

    internal void Judge(KeeperChange change, List<Finding> findings)
    {
        for (var i = 0; i < Asked.Count; i++)
            if (!change.Has(Asked[i]))
                findings.Add(Asked[i].Missing());
    }
}
