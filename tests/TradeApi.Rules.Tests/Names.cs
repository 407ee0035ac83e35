using System.Reflection;
using System.Text.RegularExpressions;

namespace TradeApi.Rules.Tests;

/// <summary>The trade has one word for each thing; its neighbours mean something else or nothing in law.</summary>
public partial class Names
{
    static readonly Dictionary<string, string> Instead = new(StringComparer.OrdinalIgnoreCase)
    {
        ["owner"] = "keeper: a registration document says nothing of whose property a vehicle is",
        ["logbook"] = "document, or registration document",
        ["log book"] = "document, or registration document",
        ["plate"] = "registration number",
        ["vrm"] = "registration number",
        ["vrn"] = "registration number",
        ["buyer"] = "new keeper",
        ["seller"] = "keeper, or trader",
        ["sale"] = "disposal, or acquisition",
        ["sold"] = "disposal, or acquisition",
        ["purchase"] = "acquisition",
        ["scrap"] = "treatment facility, or destruction",
        ["customer"] = "organisation",
        ["tenant"] = "organisation",
        ["permission"] = "mandate",
        ["violation"] = "finding",
        ["warning"] = "finding",
        ["dto"] = "the thing itself",
        ["model"] = "the thing itself",
        ["service"] = "what it does",
        ["manager"] = "what it does",
        ["helper"] = "what it does",
        ["impl"] = "the thing itself",
        ["repository"] = "the thing itself",
    };

    [Fact]
    public void Names_in_the_rules_are_the_trades_own()
    {
        var assembly = typeof(EventType).Assembly;
        var names = assembly
            .GetTypes()
            .Where(type => !type.Name.StartsWith('<'))
            .SelectMany(type => type.GetMembers(Everything).Select(member => member.Name).Prepend(type.Name))
            .Concat(
                assembly
                    .GetTypes()
                    .SelectMany(type => type.GetMethods(Everything))
                    .SelectMany(method => method.GetParameters())
                    .Select(parameter => parameter.Name ?? "")
            );

        AssertTradeWords(names);
    }

    [Fact]
    public void Names_on_the_wire_are_the_trades_own() =>
        AssertTradeWords([
            .. EventTypes.All.Select(type => type.Name),
            .. EventTypes.Members.Select(field => field.Path),
            .. FindingCodes.All.Select(code => code.Code),
            .. Enum.GetNames<OrganisationKind>(),
            .. Enum.GetNames<VehicleState>(),
            .. VectorFile.NamesOnDisk,
        ]);

    const BindingFlags Everything =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    static void AssertTradeWords(IEnumerable<string> names)
    {
        var wrong = names
            .Distinct(StringComparer.Ordinal)
            .SelectMany(name =>
            {
                var words = $" {Part().Replace(name, " ").Trim()} ";
                return Instead
                    .Where(pair => words.Contains($" {pair.Key} ", StringComparison.OrdinalIgnoreCase))
                    .Select(pair => $"{name}: say {pair.Value}");
            })
            .ToList();

        Assert.True(wrong.Count == 0, $"These are not the trade's words.\n  {string.Join("\n  ", wrong)}");
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
