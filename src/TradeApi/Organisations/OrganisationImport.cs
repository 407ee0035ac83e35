using System.Text.Json;
using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules.Values;

namespace TradeApi.Organisations;

/// <summary>
/// Takes organisations and mandates in from a JSON file, with the ids they have there. Repeating it changes nothing
/// that has not changed in the file.
/// </summary>
sealed class OrganisationImport(Stores stores, TimeProvider clock)
{
    public async Task<ImportReport> Run(Stream file, bool live, CancellationToken cancel)
    {
        var report = new ImportReport();
        JsonDocument content;
        try
        {
            content = await JsonDocument.ParseAsync(file, cancellationToken: cancel);
        }
        catch (JsonException broken)
        {
            report.Refuse($"line {(broken.LineNumber ?? 0) + 1}: The file is not valid JSON; reading stopped here.");
            return report;
        }
        using (content)
        {
            if (Items(content, "organisations").Count + Items(content, "mandates").Count == 0)
                report.Refuse(
                    "The file has neither organisations nor mandates: it is an object with these two arrays."
                );
            await Organisations(Items(content, "organisations"), live, report, cancel);
            await Mandates(Items(content, "mandates"), live, report, cancel);
        }
        return report;
    }

    async Task Organisations(List<JsonElement> items, bool live, ImportReport report, CancellationToken cancel)
    {
        await using var transaction = await stores.Control.Begin(cancel);
        for (var i = 0; i < items.Count; i++)
        {
            var id = Text(items[i], "id");
            var kind = Text(items[i], "kind");
            var reason =
                id is null or { Length: > 64 } || id.Any(char.IsWhiteSpace)
                    ? "id must be 1 to 64 characters without spaces."
                : id == Staff.Id ? "id is kept for the register's own staff."
                : Text(items[i], "name") is null ? "name is missing."
                : kind is null || !OrganisationStore.IsKind(kind)
                    ? $"kind must be one of {string.Join(", ", OrganisationStore.KindNames)}."
                : null;
            if (reason is not null)
            {
                report.Refuse($"organisations, item {i + 1}: {reason}");
                continue;
            }
            // An organisation that was let into live stays there; importing it for the sandbox takes nothing away.
            await transaction.Connection.ExecuteAsync(
                """
                insert into organisation (organisation_id, name, kind, state, permit_numbers, fleet_numbers, created_at)
                values (@Id, @Name, @Kind, @State, @PermitNumbers, @FleetNumbers, @Now)
                    on conflict (organisation_id) do update
                   set name = excluded.name,
                       kind = excluded.kind,
                       permit_numbers = excluded.permit_numbers,
                       fleet_numbers = excluded.fleet_numbers,
                       state = case when organisation.state in ('registered', 'sandbox', 'underReview')
                                    then excluded.state
                                    else organisation.state
                                end
                """,
                new
                {
                    Id = id,
                    Name = Text(items[i], "name"),
                    Kind = kind,
                    State = live ? "live" : "sandbox",
                    PermitNumbers = Texts(items[i], "permitNumbers"),
                    FleetNumbers = Texts(items[i], "fleetNumbers"),
                    Now = clock.Now(),
                },
                transaction.Inner
            );
            report.Loaded++;
        }
        await transaction.Commit();
    }

    async Task Mandates(List<JsonElement> items, bool live, ImportReport report, CancellationToken cancel)
    {
        await using var transaction = await stores.Register(live ? "live" : "sandbox").Begin(cancel);
        for (var i = 0; i < items.Count; i++)
        {
            if (MandateFault(items[i]) is { } reason)
            {
                report.Refuse($"mandates, item {i + 1}: {reason}");
                continue;
            }
            await transaction.Connection.ExecuteAsync(
                """
                insert into mandate (mandate_id, granted_by, acting_organisation_id, event_types, state, starts_on, ends_on)
                values (@Id, @GrantedBy, @Acting, @EventTypes, @State, @StartsOn, @EndsOn)
                    on conflict (mandate_id) do update
                   set granted_by = excluded.granted_by,
                       acting_organisation_id = excluded.acting_organisation_id,
                       event_types = excluded.event_types,
                       state = excluded.state,
                       starts_on = excluded.starts_on,
                       ends_on = excluded.ends_on
                """,
                new
                {
                    Id = Text(items[i], "id"),
                    GrantedBy = Text(items[i], "grantedBy"),
                    Acting = Text(items[i], "actingOrganisation"),
                    EventTypes = Texts(items[i], "eventTypes"),
                    State = Text(items[i], "state") ?? "active",
                    StartsOn = Date(items[i], "startsOn"),
                    EndsOn = Date(items[i], "endsOn"),
                },
                transaction.Inner
            );
            report.Loaded++;
        }
        await transaction.Commit();
    }

    // A mandate may name types of notice that a later version of this program knows; until then it covers nothing by them.
    static string? MandateFault(JsonElement item) =>
        Text(item, "id") is null ? "id is missing."
        : Text(item, "grantedBy") is null ? "grantedBy is missing."
        : Text(item, "actingOrganisation") is null ? "actingOrganisation is missing."
        : Texts(item, "eventTypes").Length == 0 ? "eventTypes must name at least one type of notice."
        : (Text(item, "state") ?? "active") is not ("offered" or "active" or "ended" or "declined" or "lapsed")
            ? "state must be one of offered, active, ended, declined, lapsed."
        : DateFault(item, "startsOn") ?? DateFault(item, "endsOn");

    static string? DateFault(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
        && (Text(item, name) is not { } text || LondonDate.Read(text).Fault is not null)
            ? $"{name} must be a date, written YYYY-MM-DD."
            : null;

    static List<JsonElement> Items(JsonDocument content, string name) =>
        content.RootElement.ValueKind == JsonValueKind.Object
        && content.RootElement.TryGetProperty(name, out var items)
        && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().ToList()
            : [];

    static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(name, out var value)
        && TextOf(value) is { Length: > 0 } text
            ? text
            : null;

    // Half of a surrogate pair is no text, and a control character belongs in no name or id.
    static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && !value.GetString()!.Any(char.IsControl)
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    static DateOnly? Date(JsonElement item, string name) =>
        Text(item, name) is { } text ? LondonDate.Read(text).Value : null;

    // Kept as one text with an item a line: they are only ever read together.
    static string Texts(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(name, out var values)
        && values.ValueKind == JsonValueKind.Array
            ? string.Join('\n', values.EnumerateArray().Select(TextOf).OfType<string>())
            : "";
}

/// <summary>What an import has done, with each line that it could not take.</summary>
sealed class ImportReport
{
    readonly List<string> refused = [];

    public int Loaded { get; set; }

    /// <summary>Records that were there before and were left as they are.</summary>
    public int AlreadyThere { get; set; }

    /// <summary>What could not be taken: where it stands in the file, and the reason.</summary>
    public IReadOnlyList<string> Refused => refused;

    public void Refuse(string whereAndWhy) => refused.Add(whereAndWhy);
}
