namespace TradeApi.Rules;

/// <summary>The right that one organisation gives another to send some types of notice for it.</summary>
/// <param name="GrantedBy">The organisation acted for.</param>
/// <param name="ActingOrganisation">The organisation that acts.</param>
/// <param name="EventTypes">The types of notice it covers.</param>
/// <param name="Active">Whether it has been accepted and not ended.</param>
/// <param name="StartsOn">The first day on which it counts; null: from its acceptance.</param>
/// <param name="EndsOn">The last day on which it counts; null: until it is ended.</param>
public sealed record Mandate(
    string GrantedBy,
    string ActingOrganisation,
    IReadOnlyList<string> EventTypes,
    bool Active,
    DateOnly? StartsOn = null,
    DateOnly? EndsOn = null
)
{
    /// <summary>Whether the mandate is in force on a day.</summary>
    public bool InForceOn(DateOnly day) =>
        Active && (StartsOn is null || StartsOn <= day) && (EndsOn is null || day <= EndsOn);
}
