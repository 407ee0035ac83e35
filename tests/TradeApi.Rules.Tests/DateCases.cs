using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests;

/// <summary>Cases from outside about dates, on whole notices.</summary>
public class DateCases
{
    public static TheoryData<string> Types() => [.. EventTypes.All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void C034_Half_past_midnight_in_London_is_the_new_day(string type)
    {
        var received = new DateTimeOffset(2026, 7, 1, 23, 30, 0, TimeSpan.Zero);

        Dated(type, today: Iso(LondonDate.Of(received)), "2026-07-02").Accepted();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void C039_A_leap_day_is_a_day(string type) => Dated(type, today: "2024-03-02", "2024-02-29").Accepted();

    [Theory]
    [MemberData(nameof(Types))]
    public void C041_Old_events_are_confirmed_and_very_old_ones_are_refused(string type)
    {
        var years = EventTypes.All.Single(one => one.Name == type).YearsBack;
        var oldest = new DateOnly(2026, 7, 1).AddYears(-years);
        const string Today = "2026-07-01";

        Dated(type, Today, "2025-06-30").Refused("date.over-12-months");
        Dated(type, Today, "2025-06-30", "date.over-12-months").Accepted();
        Dated(type, Today, Iso(oldest)).Refused("date.over-12-months");
        Dated(type, Today, Iso(oldest), "date.over-12-months").Accepted();
        Dated(type, Today, Iso(oldest.AddDays(-1)), "date.over-12-months").Refused("date.too-old");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void C042_Exactly_12_months_is_no_finding_and_a_day_more_is_one(string type)
    {
        Dated(type, today: "2026-07-01", "2025-07-01").Accepted();
        Dated(type, today: "2026-07-01", "2025-06-30").Refused("date.over-12-months");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void C043_An_event_before_the_last_one_on_the_record_is_refused(string type) =>
        Dated(type, today: "2025-06-01", "2025-05-01", since: "2025-05-10").Refused("date.before-last-event");

    // A type that asks for further dates has them on the day of the event.
    static Decision Dated(
        string type,
        string today,
        string eventDate,
        string confirmations = "-",
        string since = "2018-05-10"
    ) =>
        Vector
            .Plain(type)
            .With([
                .. EventTypes
                    .All.Single(one => one.Name == type)
                    .AllMembers.SelectMany(use => use.Fields)
                    .Where(field => field.Format == "date")
                    .Select(field => (field.Path, eventDate)),
                ("today", today),
                ("confirmations", confirmations),
                ("vehicle.since", since),
            ])
            .Decide();

    static string Iso(DateOnly date) => date.ToString("O", null);
}
