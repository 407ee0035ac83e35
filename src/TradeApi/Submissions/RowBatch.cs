using TradeApi.Register;

namespace TradeApi.Submissions;

/// <summary>Rows of a file that are decided in one transaction.</summary>
sealed class RowBatch(int firstRow, List<Notice> notices)
{
    readonly HashSet<string> names = NamesIn(notices);

    // A vehicle whose mark is taken off bears another from then on, which no row of the batch has named.
    readonly bool givesUnnamedMarks = notices.Exists(notice => notice.Change.Type?.Name == "markRetention");

    Turn? turn;

    /// <summary>Whether somebody else wrote while it was judged ahead.</summary>
    public bool WasJudgedInVain => turn is { WasJudgedInVain: true };

    public int FirstRow => firstRow;

    public List<Notice> Notices => notices;

    /// <summary>How many rows are decided and committed: all, unless the organisation of one is held.</summary>
    public Task<int> Decided { get; private set; } = Task.FromResult(0);

    /// <summary>Ends well when all rows are decided and committed, with the number of the transaction that wrote them.</summary>
    public Task<long> Whole { get; private set; } = Task.FromResult(0L);

    /// <summary>Ends when the batch behind this one may lock its vehicles.</summary>
    public Task LockedOrEnded => turn is null ? Decided : Task.WhenAny(turn.Locked, Decided);

    /// <summary>Whether both name the same vehicle, certificate or reference, so that one must see what the other does.</summary>
    public bool SharesNames(RowBatch other) =>
        givesUnnamedMarks || other.givesUnnamedMarks || names.Overlaps(other.names);

    public Turn TurnAfter(Task<long>? before, bool isJudgedAhead) =>
        turn = new Turn(before ?? Task.FromResult(0L), isJudgedAhead);

    public void Start(Task<int> deciding)
    {
        Decided = deciding;
        Whole = IsWhole();
    }

    async Task<long> IsWhole()
    {
        if (await Decided < notices.Count)
            throw new InvalidOperationException("The batch before was left because of a hold.");
        return turn?.WrittenBy ?? 0;
    }

    static HashSet<string> NamesIn(List<Notice> notices)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var notice in notices)
        {
            var change = notice.Change;
            Add(change.RegistrationNumber?.Text);
            Add(change.NewRegistrationNumber?.Text);
            Add(change.CertificateNumber?.Text);
            // Marks and numbers of certificates have no colon in them.
            if (change.ClientReference is { } reference)
                Add($"{notice.ActingFor}:{reference}");
        }
        return found;

        void Add(string? name)
        {
            if (name is not null)
                found.Add(name);
        }
    }
}
