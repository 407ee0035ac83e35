using Microsoft.Data.Sqlite;
using Npgsql;
using TradeApi.Database;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Register;

/// <summary>The organisation that sent a notice has been suspended or closed since: nothing is decided for it.</summary>
sealed class SenderNotInForceException(string organisationId) : Exception($"{organisationId} is not in force");

/// <summary>
/// The one path by which anything enters a register: load what a batch names, decide each notice in order, save and
/// commit; only then answer. A notice sent singly is a batch of one, or rides with others that wait.
/// </summary>
sealed partial class VehicleRegister(string environment, Store store, Store control, TimeProvider clock, ILogger log)
{
    // Another group or node may take a key or a reference before our commit, and where it was not asked beforehand it may have
    // been taken long ago. Then all is rolled back and judged again, this time seeing it. Each round somebody has won, so a
    // handful of rounds is plenty.
    const int MostRounds = 8;

    public string Environment => environment;

    public Store Store => store;

    /// <summary>Decides and records a batch.</summary>
    /// <param name="notices">The notices, in the order in which they are judged.</param>
    /// <param name="alongside">What else is written in the same transaction, such as a submission's results and cursor.</param>
    /// <param name="commit">False to judge only: nothing enters the register.</param>
    /// <param name="trial">The file that is only judged, whose earlier rows count as if they were recorded.</param>
    /// <param name="untilHeld">
    /// True to end before the first notice whose organisation is held and must wait: then there are fewer answers than
    /// notices. Otherwise such a notice alone comes to nothing, and its answer says so.
    /// </param>
    /// <param name="mayRepeat">
    /// Whether references or keys of the batch are expected to be used already, so that it is asked beforehand which are, as it is
    /// whenever nothing is recorded. Mostly none is: then it is asked only of those that the batch does not use up, and the
    /// unique indexes tell of the others.
    /// </param>
    /// <param name="turn">
    /// The batch's place among several that are at work side by side. Such a batch is tried once: one that must be judged
    /// again has to begin after those behind it have let go.
    /// </param>
    public async Task<IReadOnlyList<Answer>> Apply(
        IReadOnlyList<Notice> notices,
        Action<Writes, IReadOnlyList<Answer>>? alongside = null,
        bool commit = true,
        Guid? trial = null,
        bool untilHeld = false,
        bool mayRepeat = true,
        Turn? turn = null,
        CancellationToken cancel = default
    )
    {
        for (var round = 1; ; round++)
        {
            try
            {
                var (answers, guesses) = await Attempt(
                    notices,
                    alongside,
                    commit,
                    trial,
                    untilHeld,
                    mayRepeat || !commit || round > 1,
                    again: round > 1,
                    turn,
                    cancel
                );
                await GuessAlerts.Tell(guesses, environment, control, log, clock.Now());
                return answers;
            }
            catch (Exception collision) when (IsCollision(collision) && turn is null && round < MostRounds)
            {
                await Task.Delay(Random.Shared.Next(1, 10 * round), cancel);
            }
        }
    }

    static Answer Decide(Notice notice, WorkingSet set, DateTimeOffset now)
    {
        if (!set.IsAsPresumed(notice))
            return Answer.NotAsPresumed(notice);
        if (AnsweredBefore(notice, set) is { } before)
            return before;
        var change = notice.Change;
        var reference = change.ClientReference is { } text ? (notice.ActingFor, text) : default;
        var earlier = change.ClientReference is null ? null : set.ByReference.GetValueOrDefault(reference);
        var content = change.Content();
        var vehicle = change.RegistrationNumber is { } mark ? set.Vehicles.GetValueOrDefault(mark.Text) : null;

        var decision = notice.Unreadable is { } fault
            ? new Decision(Outcome.Refused, [fault])
            : Judgement.Decide(ToCase(notice, set, earlier, content, vehicle, now));
        // The step before the proof is the one that looks at the reference.
        if (decision.Proof != ProofVerdict.NotJudged)
            set.TakenForNew.Add(notice);
        var lockedUntil = decision.Proof == ProofVerdict.Locked ? set.Guesses.LockedUntil(notice, now) : null;
        if (!set.Guesses.Take(notice, decision.Proof, now))
            return Answer.HeldBack(notice);
        if (
            decision.Outcome is Outcome.Accepted or Outcome.Referred
            && OutOfSequence(notice, content, set) is { } first
        )
            decision = new Decision(Outcome.Refused, FindingText.ToFindings(first.Findings));

        if (decision.Outcome == Outcome.Duplicate)
        {
            KeepKey(notice, earlier!, set, now);
            return new Answer(notice, Outcome.Duplicate, earlier);
        }

        var decided = ToDecided(notice, decision, content, vehicle, set, now);
        if (decision.After is { } after)
        {
            set.Record(vehicle!, after, decided, change);
            set.Recorded.Add((vehicle!.VehicleId, change.Type!.Name, change.EventDate!.Value, notice.ActingFor));
            UseCertificate(change, decided.KeeperChangeId, set);
        }
        return Keep(notice, decision.Outcome, decided, vehicle, set, now) with { LockedFor = lockedUntil - now };
    }

    /// <summary>The answer to an earlier call with the same key; null when there was none.</summary>
    public static Answer? AnsweredBefore(Notice notice, WorkingSet set) =>
        notice.Key is { } key && set.Keys.TryGetValue((notice.ClientId, key.Text), out var used)
            ? used.FirstDecision is { } first && used.Fingerprint.AsSpan().SequenceEqual(key.Fingerprint)
                ? new Answer(notice, ParseOutcome(first.Outcome), first, Replayed: true)
                : Answer.KeyReused(notice)
            : null;

    /// <summary>Keeps a new notice with its decision, for its vehicle, its reference, its key and the ledger.</summary>
    public static Answer Keep(
        Notice notice,
        Outcome outcome,
        DecidedNotice decided,
        VehicleRecord? vehicle,
        WorkingSet set,
        DateTimeOffset now
    )
    {
        if (outcome != Outcome.Refused)
        {
            vehicle?.Tie(decided);
            if (notice.ClientReference is { } reference)
                set.ByReference[(notice.ActingFor, reference)] = decided;
            set.AddLeaf(decided);
        }
        set.Decided.Add(decided);
        if (notice.Payload is { } text)
            set.AddPayload(decided, text);
        KeepKey(notice, decided, set, now);
        return new Answer(notice, outcome, decided);
    }

    /// <summary>Putting the mark on uses the certificate up; taking it off leaves the mark held under it.</summary>
    public static void UseCertificate(KeeperChange change, Guid keeperChangeId, WorkingSet set)
    {
        if (change is not { CertificateNumber: { } number, NewRegistrationNumber: not null })
            return;
        var used = set.Certificates[number.Text] with { UsedBy = keeperChangeId };
        set.Certificates[number.Text] = used;
        set.UsedCertificates.Add(used);
    }

    /// <summary>All that the rules may look at.</summary>
    public static Case ToCase(
        Notice notice,
        WorkingSet set,
        DecidedNotice? earlier,
        string content,
        VehicleRecord? vehicle,
        DateTimeOffset now
    )
    {
        var change = notice.Change;
        return new Case
        {
            Change = change,
            Today = LondonDate.Of(notice.ReceivedAt),
            DecidedOn = LondonDate.Of(now),
            Sender = set.Organisations[notice.SubmittedBy == Staff.Id ? notice.ActingFor : notice.SubmittedBy],
            ActingFor = set.Organisations.GetValueOrDefault(notice.ActingFor),
            Mandates = set.Mandates(notice.ActingFor, notice.SubmittedBy),
            NamedOrganisation = (change.TradeOrganisation ?? change.ToOrganisation) is { } named
                ? set.Organisations.GetValueOrDefault(named)
                : null,
            Earlier = earlier is null ? null : new EarlierNotice(HasContent(earlier, content)),
            Vehicle = vehicle is null ? null : set.AsGuarded(vehicle.Vehicle),
            LockedUntil = set.Guesses.LockedUntil(notice, now),
            Certificate = change.CertificateNumber is { } number
                ? set.Certificates.GetValueOrDefault(number.Text)?.For(notice.Id)
                : null,
            NewMarkIsTaken = change.NewRegistrationNumber is { } mark && set.Vehicles.ContainsKey(mark.Text),
            SpareMark = vehicle is null ? null : set.SpareMarks.GetValueOrDefault(vehicle.Vehicle.RegistrationNumber),
            AlreadyRecorded =
                vehicle is not null
                && change is { Type: { } type, EventDate: { } date }
                && set.Recorded.Contains((vehicle.VehicleId, type.Name, date, notice.ActingFor)),
        };
    }

    // The same row of the same file was refused, and only a later row of that file has made it possible.
    static DecidedNotice? OutOfSequence(Notice notice, string content, WorkingSet set) =>
        notice.RowNumber is { } row
            ? set.RefusedBefore[row]
                .FirstOrDefault(before =>
                    before.OrganisationId == notice.ActingFor
                    && before.ClientReference == notice.Change.ClientReference
                    && HasContent(before, content)
                )
            : null;

    // Once its salt is erased, nobody can say any more what an earlier notice said; its reference stays used.
    public static bool HasContent(DecidedNotice earlier, string content) =>
        earlier.Salt is { } salt && WorkingSet.Digest(salt, content).AsSpan().SequenceEqual(earlier.Digest);

    static DecidedNotice ToDecided(
        Notice notice,
        Decision decision,
        string content,
        VehicleRecord? vehicle,
        WorkingSet set,
        DateTimeOffset now
    )
    {
        var salt = RandomBytes.Take(16).ToArray();
        return new DecidedNotice
        {
            KeeperChangeId = notice.Id,
            Type = notice.Change.Type?.Name ?? "",
            Outcome = OutcomeName(decision.Outcome),
            OrganisationId = notice.ActingFor,
            SubmittedBy = notice.SubmittedBy,
            ClientId = notice.ClientId,
            ClientReference = notice.Change.ClientReference,
            RegistrationNumber = notice.Change.RegistrationNumber?.Text,
            // A refused notice is not tied to the vehicle: its sender has not shown to have to do with it.
            VehicleId = decision.Outcome == Outcome.Refused ? null : vehicle?.VehicleId,
            EventDate = notice.Change.EventDate,
            ReceivedAt = notice.ReceivedAt,
            DecidedAt = now,
            Findings = FindingText.Write(decision.Findings),
            SubmissionId = notice.SubmissionId,
            RowNumber = notice.RowNumber,
            Salt = salt,
            Digest = WorkingSet.Digest(salt, content),
        };
    }

    // Nothing happened on a call without authority, so there is nothing to protect: the same key may be used again.
    public static void KeepKey(Notice notice, DecidedNotice decision, WorkingSet set, DateTimeOffset now)
    {
        if (notice.Key is not { } key || StatusOf(decision) is not (var status and not 403))
            return;
        var record = new KeyRecord
        {
            ClientId = notice.ClientId,
            IdempotencyKey = key.Text,
            Operation = "keeper-changes",
            Fingerprint = key.Fingerprint,
            Status = status,
            KeeperChangeId = decision.KeeperChangeId,
            CreatedAt = now,
            Decision = decision,
        };
        set.Keys[(notice.ClientId, key.Text)] = record;
        set.NewKeys.Add(record);
    }

    /// <summary>The HTTP status that a decision is answered with.</summary>
    public static int StatusOf(DecidedNotice decision)
    {
        if (decision.Outcome == "accepted")
            return 201;
        if (decision.Outcome == "referred")
            return 202;
        var refusals = FindingText.Read(decision.Findings).Where(finding => finding.Severity != "note").ToList();
        if (refusals.TrueForAll(finding => finding.Code.StartsWith("authority.", StringComparison.Ordinal)))
            return 403;
        return refusals.Exists(finding => finding.Code == "duplicate.reference-reused") ? 409 : 422;
    }

    public static string OutcomeName(Outcome outcome) =>
        outcome switch
        {
            Outcome.Accepted => "accepted",
            Outcome.Referred => "referred",
            Outcome.Refused => "refused",
            _ => "duplicate",
        };

    static Outcome ParseOutcome(string name) =>
        name switch
        {
            "accepted" => Outcome.Accepted,
            "referred" => Outcome.Referred,
            _ => Outcome.Refused,
        };

    public static bool IsCollision(Exception exception) =>
        exception switch
        {
            PostgresException postgres => postgres.SqlState
                is PostgresErrorCodes.UniqueViolation
                    or PostgresErrorCodes.SerializationFailure
                    or PostgresErrorCodes.DeadlockDetected,
            // 5 and 6: another process, such as an import, holds the file. 1555 and 2067: a key or unique index is taken.
            SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6
                || sqlite.SqliteExtendedErrorCode is 1555 or 2067,
            _ => false,
        };
}
