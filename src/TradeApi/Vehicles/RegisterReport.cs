namespace TradeApi.Vehicles;

/// <summary>What is doubtful about a line. It says nothing of whether the line was taken.</summary>
[Flags]
enum Doubts
{
    None = 0,

    /// <summary>The mark has a layout that no mark has. Such a line is refused: no notice could ever name the vehicle.</summary>
    ImpossibleMark = 1,

    /// <summary>Another vehicle of the register has the same VIN.</summary>
    SharedVin = 2,

    /// <summary>There is a keeper, and no line of an address with a post town or postcode to write to.</summary>
    KeeperWithoutAddress = 4,

    /// <summary>The state began before the vehicle was first registered.</summary>
    DatesOutOfOrder = 8,

    /// <summary>A date lies after today.</summary>
    DateInFuture = 16,
}

/// <summary>The names of doubts in a report. They do not change.</summary>
static class DoubtNames
{
    public static string Of(Doubts doubt) =>
        doubt switch
        {
            Doubts.ImpossibleMark => "mark.impossible",
            Doubts.SharedVin => "vin.shared",
            Doubts.KeeperWithoutAddress => "keeper.without-address",
            Doubts.DatesOutOfOrder => "dates.out-of-order",
            Doubts.DateInFuture => "date.in-future",
            _ => throw new ArgumentOutOfRangeException(nameof(doubt), doubt, "No such doubt"),
        };
}

/// <summary>How often something was found, and the first lines where.</summary>
sealed class Tally
{
    const int MostLines = 20;

    readonly List<int> lines = [];

    public long Count { get; private set; }

    public IReadOnlyList<int> Lines => lines;

    public void Add(int line)
    {
        Count++;
        if (lines.Count < MostLines)
            lines.Add(line);
    }
}

/// <summary>
/// What an import has done: every line that was read is counted once, as loaded, unchanged, changed or refused. It names
/// lines, never what stands in them, and its size does not grow with the file's.
/// </summary>
sealed class RegisterReport
{
    const int MostRefusals = 100;

    readonly List<string> firstRefused = [];
    readonly SortedDictionary<string, Tally> reasons = new(StringComparer.Ordinal);

    // All of them stand in the report, so that nothing found is told from not looked for.
    readonly Dictionary<Doubts, Tally> quality = Enum.GetValues<Doubts>()
        .Where(doubt => doubt != Doubts.None)
        .ToDictionary(doubt => doubt, _ => new Tally());

    /// <summary>Lines with a record; blank ones and a header are none.</summary>
    public long Read { get; private set; }

    /// <summary>Vehicles that were not there.</summary>
    public long Loaded { get; private set; }

    /// <summary>Vehicles that were there just as the line says.</summary>
    public long Unchanged { get; private set; }

    /// <summary>Vehicles that were there and have been brought up to the line.</summary>
    public long Changed { get; private set; }

    public long Refused { get; private set; }

    /// <summary>
    /// Lines that were taken and whose vehicle was not found when the register was asked again at the end. Never but 0,
    /// unless something has taken vehicles away meanwhile.
    /// </summary>
    public long NotFound { get; set; }

    /// <summary>Where reading ended before the end of the file, and why.</summary>
    public (int? Line, Refusal Refusal)? Stopped { get; set; }

    public IReadOnlyDictionary<string, Tally> Reasons => reasons;

    public IReadOnlyDictionary<Doubts, Tally> Quality => quality;

    /// <summary>The first refused lines, each with its reason.</summary>
    public IReadOnlyList<string> FirstRefused => firstRefused;

    public bool AllWentIn => Refused == 0 && NotFound == 0 && Stopped is null;

    public void Count(int line, Taken taken, Doubts doubts)
    {
        Read++;
        switch (taken)
        {
            case Taken.Loaded:
                Loaded++;
                break;
            case Taken.Unchanged:
                Unchanged++;
                break;
            case Taken.Changed:
                Changed++;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(taken), taken, "A line that was not taken is refused");
        }
        Doubt(line, doubts);
    }

    public void Refuse(int line, Refusal refusal, Doubts doubts)
    {
        Read++;
        Refused++;
        Reason(refusal.Code).Add(line);
        if (firstRefused.Count < MostRefusals)
            firstRefused.Add($"line {line}: {refusal}");
        Doubt(line, doubts);
    }

    public void Doubt(int line, Doubts doubts)
    {
        if (doubts == Doubts.None)
            return;
        foreach (var (doubt, tally) in quality)
            if (doubts.HasFlag(doubt))
                tally.Add(line);
    }

    Tally Reason(string code) => reasons.TryGetValue(code, out var tally) ? tally : reasons[code] = new Tally();
}
