namespace TradeApi.Rules;

/// <summary>
/// The person or business that the register names as keeper: who is answerable for the vehicle, which says nothing of
/// whose property it is. Joint keepers cannot be recorded.
/// </summary>
public sealed record RegisteredKeeper
{
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

    /// <summary>Whether a notice that makes one the other's successor would change nothing: the same name at the same address.</summary>
    public bool IsSameAs(RegisteredKeeper other) =>
        Same(FirstNames, other.FirstNames)
        && Same(LastName, other.LastName)
        && Same(BusinessName, other.BusinessName)
        && Same(AddressLine1, other.AddressLine1)
        && Same(Postcode, other.Postcode);

    /// <summary>Whether both have the same name, letter for letter.</summary>
    public bool HasNameOf(RegisteredKeeper other) => WithNameOf(other) == this;

    /// <summary>Whether both have the same address, letter for letter.</summary>
    public bool HasAddressOf(RegisteredKeeper other) => WithAddressOf(other) == this;

    /// <summary>This keeper with the whole name of another.</summary>
    public RegisteredKeeper WithNameOf(RegisteredKeeper other) =>
        this with
        {
            Title = other.Title,
            FirstNames = other.FirstNames,
            LastName = other.LastName,
            BusinessName = other.BusinessName,
        };

    /// <summary>This keeper with the whole address of another.</summary>
    public RegisteredKeeper WithAddressOf(RegisteredKeeper other) =>
        this with
        {
            AddressLine1 = other.AddressLine1,
            AddressLine2 = other.AddressLine2,
            AddressLine3 = other.AddressLine3,
            PostTown = other.PostTown,
            Postcode = other.Postcode,
        };

    static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
