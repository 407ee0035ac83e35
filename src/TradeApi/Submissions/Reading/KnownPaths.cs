namespace TradeApi.Submissions.Reading;

/// <summary>
/// The paths that the rows of a thread use again and again, so that a million rows share their strings, and which of them
/// the present row has already used.
/// </summary>
internal sealed class KnownPaths
{
    /// <summary>Past this many, strangers' names fill the list, and it starts again.</summary>
    const int Most = 1024;

    [ThreadStatic]
    static KnownPaths? ofThread;

    readonly Dictionary<string, Known> paths = new(StringComparer.Ordinal);
    long row;

    /// <summary>Starts a row.</summary>
    public static KnownPaths OfThread()
    {
        var known = ofThread ??= new KnownPaths();
        if (known.paths.Count > Most)
        {
            known.paths.Clear();
            known.paths.TrimExcess();
        }

        known.row++;
        return known;
    }

    /// <summary>False when the row has used this path before.</summary>
    public bool TryTake(ReadOnlySpan<char> path, out string text)
    {
        if (!paths.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var known))
        {
            text = path.ToString();
            paths.Add(text, new Known(text) { Row = row });
            return true;
        }

        text = known.Text;
        var isFirst = known.Row != row;
        known.Row = row;
        return isFirst;
    }

    sealed class Known(string text)
    {
        public string Text { get; } = text;

        public long Row { get; set; }
    }
}
