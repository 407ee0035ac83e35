namespace TradeApi.Rules.Tests;

/// <summary>What may follow a decision, at the edges of its times and whoever asks.</summary>
public class LaterRulesTests
{
    static readonly LaterCase Plain = new()
    {
        Type = EventTypes.All[0],
        Stands = true,
        DecidedOn = new DateOnly(2026, 11, 1),
        Today = new DateOnly(2026, 11, 1),
        IsLastEvent = true,
    };

    static readonly EventType Destruction = EventTypes.All.Single(type => type.Name == "certificateOfDestruction");

    public static TheoryData<string, string> Cases() =>
        new()
        {
            { "reversal", "" },
            { "reversal, day 28", "" },
            { "reversal, day 29", "reversal.too-late" },
            { "reversal, day 29, by staff", "" },
            { "reversal, followed", "reversal.not-last-event" },
            { "reversal, followed, by staff", "reversal.not-last-event" },
            { "reversal, of a destruction", "reversal.by-staff-only" },
            { "reversal, of a destruction, by staff", "" },
            { "reversal, does not stand", "reversal.not-accepted" },
            { "reversal, of a later notice", "reversal.not-accepted" },
            { "reversal, mark taken", "reversal.mark-taken" },
            { "reversal, stolen", "referred.register-check" },
            { "reversal, stolen, by staff", "" },
            { "reversal, dispute", "referred.register-check" },
            { "reversal, guard", "referred.register-check" },
            { "correction", "" },
            { "correction, day 28", "" },
            { "correction, day 29", "correction.too-late" },
            { "correction, followed", "" },
            { "correction, followed, of the date", "correction.not-last-event" },
            { "correction, of the date", "" },
            { "correction, does not stand", "correction.not-accepted" },
            { "correction, of a later notice", "correction.not-accepted" },
            { "correction, of a destruction", "" },
            { "correction, stolen", "referred.register-check" },
            { "dispute", "" },
            { "dispute, day 90", "" },
            { "dispute, day 91", "dispute.too-late" },
            { "dispute, followed", "" },
            { "dispute, own", "dispute.own-notice" },
            { "dispute, open", "dispute.open-already" },
            { "dispute, does not stand", "dispute.not-accepted" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_follows_a_decision_is_judged_by_its_table(string words, string code)
    {
        var parts = words.Split(", ");
        var @case = parts[1..].Aggregate(Plain, With);
        var table = parts[0] switch
        {
            "reversal" => LaterRules.Reversal,
            "correction" => LaterRules.Correction,
            _ => LaterRules.Dispute,
        };

        Assert.Equal(code, string.Join(' ', table.Judge(@case).Select(finding => finding.Code)));
    }

    static LaterCase With(LaterCase @case, string word) =>
        word switch
        {
            "by staff" => @case with { ByStaff = true },
            "followed" => @case with { IsLastEvent = false },
            "of a destruction" => @case with { Type = Destruction },
            "of a later notice" => @case with { Type = null },
            "does not stand" => @case with { Stands = false },
            "of the date" => @case with { ChangesDate = true },
            "mark taken" => @case with { MarkIsTaken = true },
            "own" => @case with { IsOwnNotice = true },
            "open" => @case with { DisputeIsOpen = true },
            "stolen" => @case with { Vehicle = Vehicle() with { Stolen = true } },
            "dispute" => @case with { Vehicle = Vehicle() with { DisputeOpen = true } },
            "guard" => @case with { Vehicle = Vehicle() with { UnderGuard = true } },
            _ => @case with { Today = @case.DecidedOn.AddDays(int.Parse(word[4..], null)) },
        };

    static Vehicle Vehicle() => Vector.Plain("disposalToTrade").Case.Vehicle!;

    [Fact]
    public void A_correction_replaces_a_name_or_an_address_whole()
    {
        Member[] original =
        [
            Text("eventDate", "2026-11-01"),
            Text("newKeeper.title", "Ms"),
            Text("newKeeper.lastName", "Sample"),
            Text("newKeeper.address.line1", "1 High Street"),
            Text("newKeeper.address.line2", "Sketty"),
        ];

        var corrected = LaterNotice
            .Read(LaterKind.Correction, [Text("newKeeper.businessName", "Sample Hire Ltd"), Text("reason", "typing")])
            .Over(original);

        Assert.Equal(
            ["eventDate", "newKeeper.address.line1", "newKeeper.address.line2", "newKeeper.businessName"],
            corrected.Select(member => member.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void What_a_later_notice_says_is_in_its_content_and_its_reference_is_not()
    {
        string Content(params Member[] members) => LaterNotice.Read(LaterKind.Correction, members).Content("kc_1");
        var plain = Content(Text("eventDate", "2026-11-01"));

        Assert.NotEqual(plain, Content(Text("eventDate", "2026-11-02")));
        Assert.NotEqual(plain, Content(Text("eventDate", "2026-11-01"), Text("reason", "typing")));
        Assert.Equal(plain, Content(Text("clientReference", "R-1"), Text("eventDate", "2026-11-01")));
    }

    static Member Text(string path, string text) => new(path, MemberKind.Text, text);
}
