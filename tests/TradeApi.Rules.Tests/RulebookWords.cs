using System.Text;

namespace TradeApi.Rules.Tests;

/// <summary>What the tables name by a word of code, in the words of the rulebook.</summary>
static class RulebookWords
{
    public static string Who(EventType type) =>
        string.Join(", ", type.Who.Select(kind => Words(kind)))
        + (type.AnyoneUnderMandate ? ", and any organisation under a mandate" : "");

    /// <summary>Whether a type is allowed in a state, as it stands in the table of all types.</summary>
    public static string Verdict(EventType type, VehicleState state)
    {
        if (!type.AllowedIn.Contains(state))
            return $"`{type.RefusalIn(state).Code}`";
        if (state == VehicleState.KeeperDeceased && type.RecordRules.Contains(RecordRules.ExecutorConsent))
            return "yes, with `executorConsent`";
        return state == VehicleState.WithInsurer && type.RecordRules.Contains(RecordRules.CategoryForbids)
            ? "category S or N only"
            : "yes";
    }

    /// <summary>Whether a member is asked for.</summary>
    public static string Asked(Use use, Field field) =>
        use switch
        {
            NewKeeperAsked => PartAsked(field, Fields.NewKeeperName, Fields.NewKeeperAddress, "", ""),
            NewDetailsAsked => PartAsked(
                field,
                Fields.NewName,
                Fields.NewAddress,
                " when the name changes",
                " when the address changes"
            ),
            _ => use.Words,
        };

    static string PartAsked(Field field, NameFields name, AddressFields address, string whenName, string whenAddress) =>
        field == name.LastName ? "required of a person" + whenName
        : field == name.BusinessName ? "required of a business" + whenName
        : address.Asked.Contains(field) ? "required" + whenAddress
        : "optional";

    public static string Meaning(VehicleState state) =>
        state switch
        {
            VehicleState.WithKeeper => "A registered keeper is on the record.",
            VehicleState.InTrade => "No keeper: a trader holds the vehicle.",
            VehicleState.WithInsurer => "No keeper: an insurer took the vehicle on total loss.",
            VehicleState.KeeperDeceased =>
                "The keeper has died and stays on the record until the vehicle is disposed of.",
            VehicleState.Exported => "Taken out of the country for good.",
            VehicleState.Destroyed => "Destroyed. Nothing follows.",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Say in words what this state is."),
        };

    /// <summary>What shows that the sender has to do with the vehicle.</summary>
    public static string ProofOf(EventType type) =>
        type.Proof switch
        {
            Proof.Document => "the number of the document in force.",
            Proof.DocumentOrFleet =>
                "the number of the document in force, or the fleet number when the fleet of the organisation acted for is the keeper.",
            Proof.Fleet => "the fleet number, when the fleet of the organisation acted for is the keeper.",
            Proof.DocumentOrVin => "the number of the document in force, or the VIN.",
            Proof.Vin when type.Takes(Fields.DocumentReferenceNumber) =>
                "the VIN. A document reference number that is given as well must be the one in force.",
            Proof.Vin => "the VIN.",
            var other => throw new InvalidOperationException($"Say in words what the proof {other} is."),
        };

    public static string Words(FindingStep step) =>
        step switch
        {
            FindingStep.Notice => "Step 1: found on the notice",
            FindingStep.Authority => "Step 1: found on the right to send it",
            FindingStep.Reference => "Step 2: found on the reference",
            FindingStep.Proof => "Step 3: found on the proof",
            FindingStep.Record => "Step 4: found on the record",
            FindingStep.Later => "Found on what follows a decision",
            FindingStep.Row => "Found while a file is read",
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Say in words what this step is."),
        };

    // KeeperDeceased → keeper deceased.
    public static string Words(Enum value)
    {
        var words = new StringBuilder();
        foreach (var character in value.ToString())
        {
            if (char.IsAsciiLetterUpper(character) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(character));
        }
        return words.ToString();
    }
}
