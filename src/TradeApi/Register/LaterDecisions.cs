using System.Security.Cryptography;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Register;

/// <summary>
/// Decides what is about an earlier notice: its reversal, its correction, or the decision of staff on it when it was
/// referred. The earlier notice keeps what it said.
/// </summary>
static class LaterDecisions
{
    public static Answer Decide(Notice notice, WorkingSet set, DateTimeOffset now)
    {
        if (VehicleRegister.AnsweredBefore(notice, set) is { } before)
            return before;
        var later = notice.Later!;
        if (later.Notice?.Kind == LaterKind.Correction)
            notice = notice with
            {
                Change = KeeperChange.Read(
                    Corrections.Members(later, set.Concerned!.Corrections),
                    LondonDate.Of(later.Concerns.ReceivedAt)
                ),
            };
        if (set.Concerned!.Referred is { } referred)
            return Referral.Decide(notice, referred, set, now);

        var content = later.Notice!.Content(Ids.KeeperChange(later.Concerns.KeeperChangeId));
        // As with every notice: whoever has no right to send it learns nothing, not even that a reference is used.
        List<Finding> faults = [.. later.Notice.Unreadable, .. Authority(notice, set, now)];
        if (faults.Count == 0 && notice.ClientReference is { } reference)
        {
            set.TakenForNew.Add(notice);
            var earlier = set.ByReference.GetValueOrDefault((notice.ActingFor, reference));
            if (earlier is not null && VehicleRegister.HasContent(earlier, content))
            {
                VehicleRegister.KeepKey(notice, earlier, set, now);
                return new Answer(notice, Outcome.Duplicate, earlier);
            }
            if (earlier is not null)
                faults.Add(ReferenceReused);
        }
        var decided = ToDecided(notice, content, set, now);
        var decision = faults.Count > 0 ? new Decision(Outcome.Refused, faults) : Judge(notice, decided, set, now);
        return VehicleRegister.Keep(
            notice,
            decision.Outcome,
            decided with
            {
                Outcome = VehicleRegister.OutcomeName(decision.Outcome),
                Findings = FindingText.Write(decision.Findings),
                VehicleId = decision.Outcome == Outcome.Refused ? null : decided.VehicleId,
            },
            VehicleOf(set),
            set,
            now
        );
    }

    /// <summary>Judges a reversal or a correction and, when it is accepted, takes it over as the notice <paramref name="decided"/>.</summary>
    public static Decision Judge(Notice notice, DecidedNotice decided, WorkingSet set, DateTimeOffset now) =>
        notice.Later!.Notice!.Kind == LaterKind.Reversal
            ? Reversals.Judge(notice, decided, set, now)
            : Corrections.Judge(notice, decided, set, now);

    /// <summary>What the tables of rules on later notices judge by.</summary>
    public static LaterCase ToCase(Notice notice, WorkingSet set, DateTimeOffset now, bool changesDate)
    {
        var concerned = set.Concerned!;
        return new LaterCase
        {
            Type = TypeOf(concerned.Notice),
            Stands = concerned.Notice is { Outcome: "accepted", ReversedBy: null },
            DecidedOn = LondonDate.Of(concerned.Notice.DecidedAt),
            // What was referred in time stays in time.
            Today = LondonDate.Of(notice.Later!.Referred is null ? now : notice.ReceivedAt),
            IsLastEvent = concerned.IsLastEvent,
            IsKept =
                concerned.Notice.RecordBefore is not null
                && (
                    notice.Later.Notice?.Kind != LaterKind.Correction
                    || (concerned.IsComplete && notice.Later.Members.Count > 0)
                ),
            MarkIsTaken = concerned.MarkIsTaken,
            ByStaff = notice.Later.ByStaff,
            ChangesDate = changesDate,
            Vehicle = VehicleOf(set) is { } record ? set.AsGuarded(record.Vehicle) : null,
        };
    }

    static VehicleRecord? VehicleOf(WorkingSet set) => set.Concerned!.Notice.VehicleId is { } id ? set.ById(id) : null;

    public static EventType? TypeOf(DecidedNotice notice) =>
        EventTypes.All.FirstOrDefault(type => type.Name == notice.Type);

    /// <summary>The decision that findings make.</summary>
    public static Outcome OutcomeOf(IReadOnlyList<Finding> findings) =>
        findings.Any(finding => finding.Severity is Severity.Refuse or Severity.Confirm) ? Outcome.Refused
        : findings.Any(finding => finding.Severity == Severity.Refer) ? Outcome.Referred
        : Outcome.Accepted;

    // Whoever sent the first notice for another needs that organisation's mandate still.
    static IEnumerable<Finding> Authority(Notice notice, WorkingSet set, DateTimeOffset now)
    {
        var later = notice.Later!;
        if (later.ByStaff || notice.ActingFor == notice.SubmittedBy)
            return [];
        var mandates = set.Mandates(notice.ActingFor, notice.SubmittedBy)
            .Where(mandate => mandate.InForceOn(LondonDate.Of(now)))
            .ToList();
        return mandates.Count == 0 || !set.Organisations.ContainsKey(notice.ActingFor)
                ? [Rule("authority.mandate-missing")]
            : mandates.Exists(mandate => mandate.EventTypes.Contains(later.Concerns.Type)) ? []
            : [Rule("authority.mandate-scope")];

        static Finding Rule(string code)
        {
            var rule = AuthorityRules.Common.Single(rule => rule.Code == code);
            return new Finding(rule.Code, rule.Severity, null, rule.Sentence);
        }
    }

    static readonly Finding ReferenceReused = new(
        "duplicate.reference-reused",
        Severity.Refuse,
        Fields.ClientReference.Pointer,
        ReferenceRules.Common[0].Sentence
    );

    static DecidedNotice ToDecided(Notice notice, string content, WorkingSet set, DateTimeOffset now)
    {
        var (later, concerned) = (notice.Later!, set.Concerned!);
        var salt = RandomNumberGenerator.GetBytes(16);
        return new DecidedNotice
        {
            KeeperChangeId = notice.Id,
            Type = LaterNotice.Name(later.Notice!.Kind),
            Outcome = "refused",
            ConcernsId = concerned.Notice.KeeperChangeId,
            OrganisationId = notice.ActingFor,
            SubmittedBy = notice.SubmittedBy,
            ClientId = notice.ClientId,
            ClientReference = notice.ClientReference,
            RegistrationNumber = concerned.Notice.RegistrationNumber,
            VehicleId = concerned.Notice.VehicleId,
            EventDate =
                later.Notice.Kind == LaterKind.Correction
                    ? notice.Change.EventDate ?? concerned.EventDate
                    : concerned.EventDate,
            ReceivedAt = notice.ReceivedAt,
            DecidedAt = now,
            Salt = salt,
            Digest = WorkingSet.Digest(salt, content),
            ToldSender = SenderToTell(concerned, notice.SubmittedBy, notice.ActingFor),
        };
    }

    /// <summary>Whoever sent the first notice for another hears what became of it.</summary>
    public static string? SenderToTell(Concerned concerned, string submittedBy, string organisationId) =>
        concerned.Notice.SubmittedBy is var sender && sender != submittedBy && sender != organisationId ? sender : null;
}
