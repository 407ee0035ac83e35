using Dapper;
using TradeApi.Database;

namespace TradeApi.Register;

/// <summary>
/// The guess counters in the register, so that they outlive a restart and count over all nodes. They are loaded after the
/// vehicles have been locked: whoever tries the same mark waits there. (On SQLite one batch is at work at a time, and another
/// judged, which names none of its marks.) See src/decisions/0006.
/// </summary>
static class GuessStore
{
    /// <summary>Reads the counts and holds of the organisations that a batch names.</summary>
    /// <returns>What makes guesses of the rows, once they have been read; of the marks nothing is known yet.</returns>
    public static Func<Guesses> AddTallies(Reads reads, Store store, IReadOnlyList<Notice> notices, DateTimeOffset now)
    {
        var guesses = new Guesses();
        var named = notices
            .Where(notice => notice.Change.RegistrationNumber is not null)
            .Select(notice => notice.ActingFor)
            .Distinct()
            .ToList();
        if (named.Count == 0)
            return () => guesses;
        var organisations = store.List(named);
        var holds = new Dictionary<string, HoldRow>(StringComparer.Ordinal);
        reads.Add<HoldRow>(
            $"""
            select organisation_id, since, next_notice_at
              from held_organisation
             where organisation_id {store.AnyOf("@Organisations")}
             order by organisation_id
             {LockRows(store)}
            """,
            new { Organisations = organisations },
            row => holds[row.OrganisationId] = row
        );
        var sums = new Dictionary<string, SumRow>(StringComparer.Ordinal);
        reads.Add<SumRow>(
            $"""
            select organisation_id, sum(notices) as notices, sum(wrong) as wrong
              from proof_hour
             where organisation_id {store.AnyOf("@Organisations")}
               and hour > @DayAgo
             group by organisation_id
            """,
            new { Organisations = organisations, DayAgo = DayBefore(now) },
            row => sums[row.OrganisationId] = row
        );
        return () =>
        {
            foreach (var organisation in holds.Keys.Union(sums.Keys))
                guesses.Tallies[organisation] = ToTally(
                    organisation,
                    sums.GetValueOrDefault(organisation),
                    holds.GetValueOrDefault(organisation),
                    now
                );
            return guesses;
        };
    }

    /// <summary>Reads what is known of the marks that a batch names, whose vehicles have been read.</summary>
    /// <param name="again">
    /// Whether the batch has collided before: then it also looks at marks whose vehicles say that there is nothing. That may be
    /// wrong, see decision 0006, and is put right then.
    /// </param>
    public static void AddMarks(Reads reads, Store store, IReadOnlyList<Notice> notices, WorkingSet set, bool again)
    {
        var guesses = set.Guesses;
        var named = notices
            .Where(notice =>
                notice.Change.RegistrationNumber is not null && set.Organisations.ContainsKey(notice.ActingFor)
            )
            .ToList();
        // A vehicle that a notice about an earlier one names may bear another mark since.
        var asked = named
            .Select(notice => notice.Change.RegistrationNumber!.Value.Text)
            .Union(named.Count > 0 ? set.Vehicles.Keys : [])
            .Where(mark => again || !set.Vehicles.TryGetValue(mark, out var record) || record.ProofWasGuessed)
            .ToList();
        if (asked.Count == 0)
            return;
        var marks = store.List(asked);
        reads.Add<LockRow>(
            $"""
            select registration_number, organisation_id, wrong_in_a_row, locks, locked_until
              from proof_lock
             where registration_number {store.AnyOf("@Marks")}
               and organisation_id {store.AnyOf("@Organisations")}
             order by registration_number, organisation_id
             {LockRows(store)}
            """,
            new { Marks = marks, Organisations = store.List(named.Select(notice => notice.ActingFor).Distinct()) },
            row =>
            {
                guesses.Locks[(row.RegistrationNumber, row.OrganisationId)] = row.ToLock();
                Found(row.RegistrationNumber);
            }
        );
        reads.Add<WrongRow>(
            $"""
            select registration_number, organisation_id, proof_hash, made_at
              from wrong_proof
             where registration_number {store.AnyOf("@Marks")}
            """,
            new { Marks = marks },
            row =>
            {
                guesses.AddWrong(row.ToWrongProof());
                Found(row.RegistrationNumber);
            }
        );
        reads.Add<string>(
            $"""
            select registration_number
              from guarded_mark
             where registration_number {store.AnyOf("@Marks")}
            """,
            new { Marks = marks },
            mark =>
            {
                guesses.Guarded.Add(mark);
                Found(mark);
            }
        );

        void Found(string mark)
        {
            if (set.Vehicles.TryGetValue(mark, out var record) && !record.ProofWasGuessed)
                guesses.NewlyGuessed.Add(mark);
        }
    }

    // Rows are locked in order where no vehicle is there to wait at: holds, and the locks of a mark that nobody bears.
    // Holds come before the numbers that they follow from.
    static string LockRows(Store store) => store.IsPostgres ? "for update" : "";

    /// <summary>Saves what has changed, late in the transaction: the count of an organisation is a row that all its notices share.</summary>
    /// <returns>Whether there is anything to be saved.</returns>
    public static bool Save(Writes writes, Guesses guesses, DateTimeOffset now)
    {
        var locks = guesses.Locks.Values.Where(state => state.IsChanged).ToList();
        var counted = guesses.Tallies.Values.Where(tally => tally.NewNotices > 0).ToList();
        var holds = guesses.Tallies.Values.Where(tally => tally.HoldHasChanged).ToList();
        writes.Insert(
            "wrong_proof",
            guesses
                .NewWrong.OrderBy(proof => proof.RegistrationNumber, StringComparer.Ordinal)
                .ThenBy(proof => proof.OrganisationId, StringComparer.Ordinal)
                .ToList(),
            WrongColumns
        );
        SaveLocks(writes, locks, now);
        writes.Insert("guarded_mark", guesses.NewGuarded.Order(StringComparer.Ordinal).ToList(), GuardColumns(now));
        writes.Update(
            "vehicle",
            guesses.NewlyGuessed.Order(StringComparer.Ordinal).ToList(),
            MarkGuessedAt,
            ProofWasGuessed
        );
        SaveCounts(writes, counted, now);
        SaveHolds(writes, holds);
        return locks.Count + counted.Count + holds.Count + guesses.NewlyGuessed.Count > 0;
    }

    /// <summary>The hours that count are this one and the 23 before it.</summary>
    public static DateTimeOffset DayBefore(DateTimeOffset now) => now - TimeSpan.FromDays(1);

    static void SaveLocks(Writes writes, List<ProofLock> locks, DateTimeOffset now)
    {
        writes.Execute(
            """
            delete from proof_lock
             where registration_number = @registration_number
               and organisation_id = @organisation_id
            """,
            locks.Where(state => state.IsStored && !state.IsKept).ToList(),
            LockKey
        );
        Column<ProofLock>[] columns =
        [
            Column<ProofLock>.Of<int>("wrong_in_a_row", state => state.WrongInARow),
            Column<ProofLock>.Of<int>("locks", state => state.Locks),
            Column<ProofLock>.Of("locked_until", state => state.LockedUntil),
            Column<ProofLock>.Of<DateTimeOffset>("changed_at", _ => now),
        ];
        writes.Update("proof_lock", locks.Where(state => state.IsStored && state.IsKept).ToList(), LockKey, columns);
        // Inserted without "on conflict": where another group or node has begun to count at the same moment, all is judged again.
        writes.Insert(
            "proof_lock",
            locks
                .Where(state => !state.IsStored && state.IsKept)
                .OrderBy(state => state.RegistrationNumber, StringComparer.Ordinal)
                .ToList(),
            [.. LockKey, .. columns]
        );
    }

    static void SaveCounts(Writes writes, List<ProofTally> counted, DateTimeOffset now) =>
        writes.Execute(
            """
            insert into proof_hour (organisation_id, hour, notices, wrong)
                 values (@organisation_id, @hour, @notices, @wrong)
            on conflict (organisation_id, hour) do update
                    set notices = proof_hour.notices + excluded.notices,
                        wrong = proof_hour.wrong + excluded.wrong
            """,
            counted.OrderBy(tally => tally.OrganisationId, StringComparer.Ordinal).ToList(),
            [
                Column<ProofTally>.Of("organisation_id", tally => tally.OrganisationId),
                Column<ProofTally>.Of<DateTimeOffset>("hour", _ => HourOf(now)),
                Column<ProofTally>.Of<int>("notices", tally => tally.NewNotices),
                Column<ProofTally>.Of<int>("wrong", tally => tally.NewWrong),
            ]
        );

    /// <summary>
    /// Others may have counted at the same time: each of us less than too many, or we too many of what is few among all.
    /// Once the counts are saved we hold their rows, and see what the others have counted. If with that an organisation is held
    /// that was not to be, or the other way, all comes to nothing: its latest hour is inserted again, and the unique index refuses
    /// that. So the commit need not wait for an answer while others wait for those rows. On SQLite, where the question costs no
    /// round, it is asked too when all proofs were right: the batch before, of which this one was judged without knowing, may
    /// have begun a hold.
    /// </summary>
    public static void FailIfCountedOtherwise(Writes writes, Store store, Guesses guesses, DateTimeOffset now)
    {
        var judged = guesses
            .Tallies.Values.Where(tally =>
                tally is { NewWrong: > 0, Held: null } or { IsHeldAnew: true }
                || (!store.IsPostgres && tally is { NewNotices: > 0, Held: null })
            )
            .ToList();
        if (judged.Count == 0)
            return;
        writes.Ask<string>(
            $"""
            insert into proof_hour (organisation_id, hour, notices, wrong)
            select organisation_id, max(hour), 0, 0
              from proof_hour
             where organisation_id {store.AnyOf("@Organisations")}
               and hour > @DayAgo
             group by organisation_id
            having ({Guesses.IsTooManyInSql}) <> (organisation_id {store.AnyOf("@HeldAnew")})
            returning organisation_id
            """,
            new
            {
                Organisations = store.List(judged.Select(tally => tally.OrganisationId)),
                HeldAnew = store.List(judged.Where(tally => tally.IsHeldAnew).Select(tally => tally.OrganisationId)),
                DayAgo = DayBefore(now),
            },
            _ => { }
        );
    }

    static void SaveHolds(Writes writes, List<ProofTally> holds)
    {
        writes.Execute(
            """
            delete from held_organisation
             where organisation_id = @organisation_id
            """,
            holds.Where(tally => tally.Held is null).ToList(),
            HoldKey
        );
        writes.Update(
            "held_organisation",
            holds.Where(tally => tally is { Held: not null, WasHeldSince: not null }).ToList(),
            HoldKey,
            HoldColumns
        );
        writes.Insert(
            "held_organisation",
            holds.Where(tally => tally.IsHeldAnew).ToList(),
            [.. HoldKey, .. HoldColumns]
        );
    }

    static ProofTally ToTally(string organisationId, SumRow? sums, HoldRow? hold, DateTimeOffset now)
    {
        var tally = new ProofTally(organisationId)
        {
            Notices = sums?.Notices ?? 0,
            Wrong = sums?.Wrong ?? 0,
            WasHeldSince = hold?.Since,
            Held = hold is null ? null : new Hold { Since = hold.Since, NextNoticeAt = hold.NextNoticeAt },
        };
        // The numbers change by time alone, too: a hold that they begin here must let the next notice pass, to be saved with it.
        Guesses.Hold(tally, now, nextNoticeAt: now);
        return tally;
    }

    static DateTimeOffset HourOf(DateTimeOffset now) => now.AddTicks(-(now.Ticks % TimeSpan.TicksPerHour));

    static readonly Column<WrongProof>[] WrongColumns =
    [
        Column<WrongProof>.Of("registration_number", proof => proof.RegistrationNumber),
        Column<WrongProof>.Of("organisation_id", proof => proof.OrganisationId),
        Column<WrongProof>.Of("proof_hash", proof => proof.ProofHash),
        Column<WrongProof>.Of<DateTimeOffset>("made_at", proof => proof.MadeAt),
    ];

    static readonly Column<string>[] MarkGuessedAt = [Column<string>.Of("registration_number", mark => mark)];

    static readonly Column<string>[] ProofWasGuessed = [Column<string>.Of<bool>("proof_was_guessed", _ => true)];

    static readonly Column<ProofLock>[] LockKey =
    [
        Column<ProofLock>.Of("registration_number", state => state.RegistrationNumber),
        Column<ProofLock>.Of("organisation_id", state => state.OrganisationId),
    ];

    static readonly Column<ProofTally>[] HoldKey =
    [
        Column<ProofTally>.Of("organisation_id", tally => tally.OrganisationId),
    ];

    static readonly Column<ProofTally>[] HoldColumns =
    [
        Column<ProofTally>.Of("since", tally => tally.Held?.Since),
        Column<ProofTally>.Of("next_notice_at", tally => tally.Held?.NextNoticeAt),
    ];

    static Column<string>[] GuardColumns(DateTimeOffset now) =>
        [Column<string>.Of("registration_number", mark => mark), Column<string>.Of<DateTimeOffset>("since", _ => now)];

    sealed record LockRow
    {
        public string RegistrationNumber { get; init; } = "";
        public string OrganisationId { get; init; } = "";
        public int WrongInARow { get; init; }
        public int Locks { get; init; }
        public DateTimeOffset? LockedUntil { get; init; }

        public ProofLock ToLock() =>
            new(RegistrationNumber, OrganisationId)
            {
                WrongInARow = WrongInARow,
                Locks = Locks,
                LockedUntil = LockedUntil,
                IsStored = true,
            };
    }

    sealed record WrongRow
    {
        public string RegistrationNumber { get; init; } = "";
        public string OrganisationId { get; init; } = "";
        public byte[] ProofHash { get; init; } = [];
        public DateTimeOffset MadeAt { get; init; }

        public WrongProof ToWrongProof() => new(RegistrationNumber, OrganisationId, ProofHash, MadeAt);
    }

    sealed record HoldRow
    {
        public string OrganisationId { get; init; } = "";
        public DateTimeOffset Since { get; init; }
        public DateTimeOffset NextNoticeAt { get; init; }
    }

    sealed record SumRow
    {
        public string OrganisationId { get; init; } = "";
        public long Notices { get; init; }
        public long Wrong { get; init; }
    }
}
