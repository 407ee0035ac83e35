using System.Security.Cryptography;
using System.Text;
using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>
/// What the register knows of wrong proofs, as far as a batch is concerned, and what follows from them: a mark locked for
/// one organisation, a mark under guard for all, an organisation held to a pace. Each judged notice changes it for the
/// next. It is loaded and saved by <see cref="GuessStore"/>.
/// </summary>
sealed class Guesses
{
    const int WrongUntilGuard = 15;
    const int WrongUntilHeld = 20;

    /// <summary>Held when more than one in so many notices has a wrong proof: 2 %.</summary>
    const int OneIn = 50;

    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>An organisation that is held has one notice judged in this time.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public Dictionary<(string Mark, string OrganisationId), ProofLock> Locks { get; } = [];

    public Dictionary<string, List<WrongProof>> Wrong { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Guarded { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ProofTally> Tallies { get; } = new(StringComparer.Ordinal);

    // What is to be saved, beside the locks and tallies that have changed.
    public List<WrongProof> NewWrong { get; } = [];
    public List<string> NewGuarded { get; } = [];

    /// <summary>The marks whose vehicles are to say that there may be wrong proofs.</summary>
    public HashSet<string> NewlyGuessed { get; } = new(StringComparer.Ordinal);

    /// <summary>Until when the organisation acted for may not try the mark; null when it may.</summary>
    public DateTimeOffset? LockedUntil(Notice notice, DateTimeOffset now) =>
        notice.Change.RegistrationNumber is { } mark
        && Locks.TryGetValue((mark.Text, notice.ActingFor), out var state)
        && state.LockedUntil > now
            ? state.LockedUntil
            : null;

    public void AddWrong(WrongProof proof) => WrongOf(proof.RegistrationNumber).Add(proof);

    public bool IsUnderGuard(string mark) => Guarded.Contains(mark);

    /// <summary>
    /// Takes a judged notice into account. False when its organisation is held and this is before its time: then nothing
    /// is counted, and the judgement must come to nothing.
    /// </summary>
    /// <remarks>
    /// Only what has come as far as the proof is held up: before that nothing can be guessed, and whoever names an
    /// organisation without its mandate could otherwise use up its turns.
    /// </remarks>
    public bool Take(Notice notice, ProofVerdict proof, DateTimeOffset now)
    {
        if (proof == ProofVerdict.NotJudged)
            return true;
        var tally = TallyOf(notice.ActingFor);
        if (tally.Held is { } held)
        {
            if (held.NextNoticeAt > now)
                return false;
            held.NextNoticeAt = now + Pace;
            held.IsChanged = true;
        }
        if (proof == ProofVerdict.Wrong)
            TakeWrong(notice, tally, now);
        else if (proof == ProofVerdict.Right)
            TakeRight(notice, tally);
        Hold(tally, now, nextNoticeAt: now + Pace);
        return true;
    }

    /// <summary>Begins or ends the hold of an organisation, as its numbers say.</summary>
    public static void Hold(ProofTally tally, DateTimeOffset now, DateTimeOffset nextNoticeAt)
    {
        if (!IsTooMany(tally.Wrong, tally.Notices))
            tally.Held = null;
        else
            tally.Held ??= new Hold
            {
                Since = tally.WasHeldSince ?? now,
                NextNoticeAt = nextNoticeAt,
                IsChanged = true,
            };
    }

    /// <summary>Whether an organisation with so many wrong proofs in a day is held.</summary>
    public static bool IsTooMany(long wrong, long notices) => wrong > WrongUntilHeld && wrong * OneIn > notices;

    /// <summary>The same, of the hours of an organisation.</summary>
    public static readonly string IsTooManyInSql =
        $"sum(wrong) > {WrongUntilHeld} and sum(wrong) * {OneIn} > sum(notices)";

    void TakeRight(Notice notice, ProofTally tally)
    {
        tally.Count(wrong: false);
        if (Locks.TryGetValue((notice.Change.RegistrationNumber!.Value.Text, notice.ActingFor), out var state))
            state.Forget();
    }

    void TakeWrong(Notice notice, ProofTally tally, DateTimeOffset now)
    {
        var mark = notice.Change.RegistrationNumber!.Value.Text;
        var proof = new WrongProof(mark, notice.ActingFor, HashOf(notice), now);
        var before = WrongOf(mark);
        // The same wrong proof again, of a file sent again for example, is no new guess.
        if (before.Exists(earlier => earlier.ProofHash.AsSpan().SequenceEqual(proof.ProofHash)))
            return;
        before.Add(proof);
        NewWrong.Add(proof);
        NewlyGuessed.Add(mark);
        tally.Count(wrong: true);

        if (!Locks.TryGetValue((mark, notice.ActingFor), out var state))
            Locks[(mark, notice.ActingFor)] = state = new ProofLock(mark, notice.ActingFor);
        state.CountWrong(now);

        if (before.Count(earlier => earlier.MadeAt > now - Day) >= WrongUntilGuard && Guarded.Add(mark))
            NewGuarded.Add(mark);
    }

    List<WrongProof> WrongOf(string mark)
    {
        if (!Wrong.TryGetValue(mark, out var proofs))
            Wrong[mark] = proofs = [];
        return proofs;
    }

    ProofTally TallyOf(string organisationId)
    {
        if (!Tallies.TryGetValue(organisationId, out var tally))
            Tallies[organisationId] = tally = new ProofTally(organisationId);
        return tally;
    }

    // The organisation stands in it: what one has tried tells nothing of another.
    static byte[] HashOf(Notice notice)
    {
        var change = notice.Change;
        return SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Join(
                    '\n',
                    notice.ActingFor,
                    change.RegistrationNumber?.Text,
                    change.DocumentReferenceNumber?.Text,
                    change.Vin?.Text,
                    change.FleetNumber?.Text
                )
            )
        );
    }
}

/// <summary>A wrong proof, without the number itself.</summary>
sealed record WrongProof(string RegistrationNumber, string OrganisationId, byte[] ProofHash, DateTimeOffset MadeAt);

/// <summary>What an organisation has done at a mark since its last right proof.</summary>
sealed class ProofLock(string registrationNumber, string organisationId)
{
    const int WrongUntilLock = 3;

    static readonly TimeSpan FirstLock = TimeSpan.FromMinutes(10);
    static readonly TimeSpan LongestLock = TimeSpan.FromDays(1);

    public string RegistrationNumber => registrationNumber;
    public string OrganisationId => organisationId;
    public int WrongInARow { get; set; }
    public int Locks { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>Whether the register has a row of it.</summary>
    public bool IsStored { get; init; }
    public bool IsChanged { get; private set; }

    /// <summary>Whether there is anything to keep.</summary>
    public bool IsKept => WrongInARow > 0 || Locks > 0;

    /// <summary>Counts a wrong proof. The third in a row locks: for 10 minutes, then for twice as long each time.</summary>
    public void CountWrong(DateTimeOffset now)
    {
        IsChanged = true;
        if (++WrongInARow < WrongUntilLock)
            return;
        WrongInARow = 0;
        // Eight doublings are past the longest already; more would only overflow.
        var length = FirstLock * (1 << Math.Min(Locks++, 8));
        LockedUntil = now + (length < LongestLock ? length : LongestLock);
    }

    /// <summary>A right proof: nothing is held against the organisation any more.</summary>
    public void Forget() => (WrongInARow, Locks, LockedUntil, IsChanged) = (0, 0, null, true);
}

/// <summary>The judged proofs of an organisation in the last 24 hours, and its hold.</summary>
sealed class ProofTally(string organisationId)
{
    public string OrganisationId => organisationId;
    public long Notices { get; set; }
    public long Wrong { get; set; }
    public int NewNotices { get; private set; }
    public int NewWrong { get; private set; }
    public Hold? Held { get; set; }

    /// <summary>Since when the register has had it held; null when it has not.</summary>
    public DateTimeOffset? WasHeldSince { get; init; }

    /// <summary>Whether the register is to be told of the hold: it began, went on to its next turn, or ended.</summary>
    public bool HoldHasChanged => Held is null ? WasHeldSince is not null : Held.IsChanged;

    /// <summary>Whether its hold begins with this batch, so that the operator is told.</summary>
    public bool IsHeldAnew => Held is not null && WasHeldSince is null;

    public void Count(bool wrong)
    {
        Notices++;
        NewNotices++;
        if (!wrong)
            return;
        Wrong++;
        NewWrong++;
    }
}

/// <summary>An organisation is held: its next notice is judged at a time of its own.</summary>
sealed class Hold
{
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset NextNoticeAt { get; set; }
    public bool IsChanged { get; set; }
}
