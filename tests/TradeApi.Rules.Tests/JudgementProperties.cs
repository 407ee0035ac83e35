using CsCheck;

namespace TradeApi.Rules.Tests;

/// <summary>What holds of every notice, on cases put together from the vectors at random.</summary>
public class JudgementProperties
{
    static readonly Vector[] All = [.. VectorFile.All.SelectMany(file => file.Vectors)];
    static readonly Vector[] Accepted = [.. All.Where(vector => vector.Expected == Outcome.Accepted)];

    static readonly Gen<Vector> AnyVector = Gen.OneOf(All);

    /// <summary>The notice of one vector, the sender of another and the vehicle of a third.</summary>
    static readonly Gen<Case> AnyCase = Gen.Select(AnyVector, AnyVector, AnyVector, Gen.Int[0, 9], Gen.Int[0, 9])
        .Select(
            (notice, sender, vehicle, locked, recorded) =>
                notice.Case with
                {
                    Sender = sender.Case.Sender,
                    ActingFor = sender.Case.ActingFor,
                    Mandates = sender.Case.Mandates,
                    Vehicle = vehicle.Case.Vehicle,
                    LockedUntil = locked == 0 ? DateTimeOffset.UnixEpoch : null,
                    AlreadyRecorded = recorded == 0,
                }
        )
        .Where(@case => @case.ActingFor is not null || @case.ActsForAnother);

    [Fact]
    public void Findings_of_a_step_do_not_depend_on_the_order_of_its_rules() =>
        AnyCase
            .SelectMany(@case =>
                Gen.Select(
                    Gen.Shuffle(Steps(@case)[0]),
                    Gen.Shuffle(Steps(@case)[3]),
                    (first, last) => (@case, first, last)
                )
            )
            .Sample(
                drawn =>
                    Assert.Equal(
                        Judgement.Decide(drawn.@case).InWords(),
                        DecideIn([drawn.first, .. Steps(drawn.@case)[1..3], drawn.last], drawn.@case).InWords()
                    ),
                iter: 2000
            );

    [Fact]
    public void The_verdict_does_not_depend_on_the_order_of_members() =>
        AnyVector
            .SelectMany(vector => Gen.Shuffle(vector.Members.ToArray()).Select(members => (vector, members)))
            .Sample(
                drawn =>
                    Assert.Equal(
                        drawn.vector.Decide().InWords(),
                        Judgement.Decide(drawn.vector.CaseWith(drawn.members)).InWords()
                    ),
                iter: 2000
            );

    [Fact]
    public void A_valid_notice_in_cells_is_decided_like_the_same_notice_in_JSON()
    {
        foreach (var vector in Accepted)
        {
            var cells = vector.CaseWith([.. vector.Members.Select(member => member with { Kind = MemberKind.Cell })]);

            Assert.Equal(vector.Decide().InWords(), Judgement.Decide(cells).InWords());
            Assert.Equal(vector.Change.Content(), cells.Change.Content());
        }
    }

    [Fact]
    public void A_notice_that_is_not_accepted_changes_nothing() =>
        AnyCase.Sample(
            @case =>
            {
                var decision = Judgement.Decide(@case);
                Assert.Equal(decision.Outcome == Outcome.Accepted, decision.After is not null);
            },
            iter: 2000
        );

    [Fact]
    public void A_notice_without_the_proof_is_answered_as_if_no_vehicle_bore_the_mark() =>
        AnyCase.Sample(
            @case =>
            {
                var another = @case.Vehicle is { } vehicle
                    ? vehicle with
                    {
                        DocumentReferenceNumber = "00000000000",
                        Vin = "00000000000000000",
                        Keeper = null,
                        LastFleetNumber = null,
                    }
                    : null;

                Assert.Equal(
                    Judgement.Decide(@case with { Vehicle = null, AlreadyRecorded = false }).InWords(),
                    Judgement.Decide(@case with { Vehicle = another }).InWords()
                );
            },
            iter: 2000
        );

    [Fact]
    public void A_proof_is_wrong_exactly_when_the_partner_is_told_that_it_does_not_match() =>
        AnyCase.Sample(
            @case =>
            {
                var decision = Judgement.Decide(@case);
                var codes = decision.Findings.Select(finding => finding.Code).ToList();
                Assert.Equal(decision.Proof == ProofVerdict.Wrong, codes.Contains("vehicle.not-matched"));
                Assert.Equal(decision.Proof == ProofVerdict.Locked, codes.Contains("vehicle.locked"));
                if (decision.Outcome is Outcome.Accepted or Outcome.Referred)
                    Assert.Equal(ProofVerdict.Right, decision.Proof);
                if (decision.Outcome is Outcome.Duplicate)
                    Assert.Equal(ProofVerdict.NotJudged, decision.Proof);
            },
            iter: 2000
        );

    [Fact]
    public void A_lock_names_a_time_at_which_it_has_ended()
    {
        var plain = Vector.Plain("disposalToTrade").Case;
        var until = new DateTimeOffset(2026, 11, 25, 12, 10, 0, 1, TimeSpan.Zero);
        Assert.EndsWith(
            "The lock ends at 2026-11-25T12:10:01Z.",
            Judgement.Decide(plain with { LockedUntil = until }).Refused("vehicle.locked").Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>The steps of judgement, each as its rules in no order that matters.</summary>
    static Func<Case, IEnumerable<Finding>>[][] Steps(Case @case)
    {
        var type = @case.Change.Type;
        return
        [
            [
                .. @case.Change.Unreadable.Select(finding => Always(finding)),
                .. (type?.AllMembers ?? Fields.Common).Select(use => (Func<Case, IEnumerable<Finding>>)use.Findings),
                .. Judges(ShapeRules.Common),
                .. Judges(type?.ShapeRules ?? []),
                .. Judges(AuthorityRules.Common),
            ],
            [.. Judges(ReferenceRules.Common)],
            [.. Judges(ProofRules.Common)],
            [
                .. @case.AlreadyRecorded
                    ? Judges([RecordRules.AlreadyRecorded])
                    : (Func<Case, IEnumerable<Finding>>[])
                        [
                            .. type is null ? [] : RefusalsOfStates(type),
                            .. Judges([.. type?.RecordRules ?? [], .. RecordRules.Common]),
                        ],
            ],
        ];
    }

    static Decision DecideIn(Func<Case, IEnumerable<Finding>>[][] steps, Case @case)
    {
        var findings = new List<Finding>();
        foreach (var (number, step) in steps.Index())
        {
            if (number == 1 && @case.Earlier is { SameContent: true })
                return new Decision(Outcome.Duplicate, []);
            findings.AddRange(
                step.SelectMany(judge => judge(@case))
                    .Where(f => f.Severity != Severity.Confirm || !@case.Change.Confirmations.Contains(f.Code))
            );
            if (findings.Exists(finding => finding.Severity is Severity.Refuse or Severity.Confirm))
                return new Decision(Outcome.Refused, findings);
        }
        var referred = findings.Exists(finding => finding.Severity == Severity.Refer);
        return new Decision(referred ? Outcome.Referred : Outcome.Accepted, findings);
    }

    // One rule may refuse two states of a type, and another type may allow one of the two: it is asked by state.
    static IEnumerable<Func<Case, IEnumerable<Finding>>> RefusalsOfStates(EventType type) =>
        Enum.GetValues<VehicleState>()
            .Except(type.AllowedIn)
            .Select(state =>
                (Func<Case, IEnumerable<Finding>>)(
                    @case => @case.Record.State == state ? [type.RefusalIn(state).ToFinding()] : []
                )
            );

    static IEnumerable<Func<Case, IEnumerable<Finding>>> Judges(IEnumerable<Rule> rules) =>
        rules.Select(rule =>
            (Func<Case, IEnumerable<Finding>>)(@case => rule.Judge(@case) is { } found ? [found] : [])
        );

    static Func<Case, IEnumerable<Finding>> Always(Finding finding) => _ => [finding];
}
