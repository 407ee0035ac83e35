using System.Text.Json.Nodes;
using Dapper;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Tests.Register;

/// <summary>
/// References and keys of single notices are mostly new, so a group does not ask beforehand which are used. Where some are,
/// nobody of the group is told otherwise than if it had.
/// </summary>
public class RepeatedNotices(Hosts hosts) : IClassFixture<Hosts>
{
    /// <summary>How the second call is made from the first, and what it is told.</summary>
    static readonly Dictionary<string, (Func<Call, JsonObject, Call> Second, string Told)> Kinds = new()
    {
        ["the same call"] = ((first, _) => first, "accepted, replayed"),
        ["the same key with another notice"] = (
            (first, other) => first with { Body = other },
            "refused, without a decision"
        ),
        ["the same notice under another key"] = ((first, _) => first with { Key = Partner.NewKey() }, "duplicate"),
        ["the same reference for another notice"] = (
            (first, other) => new Call(Partner.NewKey(), other.With("clientReference", first.Reference)),
            "refused duplicate.reference-reused"
        ),
        ["the same reference for a notice that lacks a consent"] = (
            (first, other) =>
                new Call(Partner.NewKey(), other.With("clientReference", first.Reference).With("keeperConsent", false)),
            "refused consent.keeper"
        ),
        ["the same reference for a notice with a wrong proof"] = (
            (first, other) =>
                new Call(
                    Partner.NewKey(),
                    other.With("clientReference", first.Reference).With("documentReferenceNumber", "10000000009")
                ),
            "refused duplicate.reference-reused"
        ),
        ["the same key for a notice without authority"] = (
            (first, other) => first with { Body = other.With("onBehalfOf", "org_dealer3") },
            "refused, without a decision"
        ),
    };

    public static TheoryData<string, string> KindsOnBothDatabases()
    {
        var data = new TheoryData<string, string>();
        foreach (var database in new[] { "sqlite", "postgres" })
        foreach (var kind in Kinds.Keys)
            data.Add(database, kind);
        return data;
    }

    [Theory]
    [MemberData(nameof(KindsOnBothDatabases))]
    public async Task A_repeated_call_is_told_the_same_whether_its_group_asked_beforehand_or_not(
        string database,
        string kind
    )
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var register = host.Registers.Of("sandbox");
        var (second, told) = Kinds[kind];
        foreach (var mayRepeat in new[] { true, false })
        {
            var calls = new List<Call>();
            for (var i = 0; i < 4; i++)
                calls.Add(new Call(Partner.NewKey(), Notices.Disposal(await host.AddVehicle())));
            var first = Assert.Single(await register.Apply([calls[0].Notice(host, partner)]));
            Assert.Equal(Outcome.Accepted, first.Outcome);
            calls[2] = second(calls[0], calls[2].Body);
            var (before, guessed) = (await Notified(host), await Guessed(host));

            var answers = await register.Apply(
                [.. calls[1..].Select(call => call.Notice(host, partner))],
                mayRepeat: mayRepeat
            );

            Assert.Equal(["accepted", told, "accepted"], answers.Select(Told));
            Assert.Equal([false, told != "refused consent.keeper", false], answers.Select(answer => answer.Repeats));
            if (answers[1].Replayed || answers[1].Outcome == Outcome.Duplicate)
                Assert.Equal(first.Decision!.KeeperChangeId, answers[1].Decision!.KeeperChangeId);
            Assert.Equal(told.StartsWith("refused ", StringComparison.Ordinal) ? 3 : 2, await Notified(host) - before);
            // Of the first judgement, in which a wrong proof may have been found, nothing is kept.
            Assert.Equal(guessed, await Guessed(host));
        }
        await host.AssertClean();
    }

    [Fact]
    public async Task A_reference_that_is_being_given_free_is_not_taken_again_by_a_notice_that_is_refused()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var register = host.Registers.Of("sandbox");
        var first = new Call(Partner.NewKey(), Notices.Disposal(await host.AddVehicle()));
        await register.Apply([first.Notice(host, partner)]);
        var other = Notices.Disposal(await host.AddVehicle()).With("documentReferenceNumber", "10000000009");
        var refused = new Call(Partner.NewKey(), other.With("clientReference", first.Reference));
        // As when staff refuse what was referred.
        await using var giving = await host.Stores.Sandbox.Begin();
        await giving.Connection.ExecuteAsync(
            "delete from used_reference where client_reference = @Reference",
            new { first.Reference },
            giving.Inner
        );

        var answering = register.Apply([refused.Notice(host, partner)], mayRepeat: false);
        Assert.NotSame(answering, await Task.WhenAny(answering, Task.Delay(TimeSpan.FromMilliseconds(500))));
        await giving.Commit();

        Assert.Equal(["refused vehicle.not-matched"], (await answering).Select(Told));
        Assert.Equal(
            0,
            await host.QueryRegister<long>(
                "select count(*) from used_reference where client_reference = @Reference",
                new { first.Reference }
            )
        );
    }

    static Task<long> Guessed(TradeApiHost host) => host.QueryRegister<long>("select count(*) from wrong_proof");

    static Task<long> Notified(TradeApiHost host) => host.QueryRegister<long>("select count(*) from keeper_change");

    static string Told(Answer answer) =>
        answer switch
        {
            { Replayed: true } => $"{VehicleRegister.OutcomeName(answer.Outcome)}, replayed",
            { Decision: null } => $"{VehicleRegister.OutcomeName(answer.Outcome)}, without a decision",
            { Outcome: Outcome.Duplicate } => "duplicate",
            { Decision: { } decision } => string.Join(
                ' ',
                [decision.Outcome, .. FindingText.Read(decision.Findings).Select(finding => finding.Code)]
            ),
        };

    sealed record Call(string Key, JsonObject Body)
    {
        public string Reference => (string)Body["clientReference"]!;

        public Notice Notice(TradeApiHost host, Partner partner) => partner.ToNotice(Body, host.Clock.GetUtcNow(), Key);
    }
}
