using System.Text;
using TradeApi.Load.Register;
using TradeApi.Rules.Values;

namespace TradeApi.Load.Nodes;

/// <summary>A file of notices on disk, for as long as it is wanted.</summary>
sealed class NoticeFile : IDisposable
{
    public string Path { get; } = System.IO.Path.GetTempFileName();

    /// <param name="rows">The rows that it may have.</param>
    /// <param name="vehicles">How many vehicles the register has.</param>
    /// <param name="references">What each clientReference begins with.</param>
    public static NoticeFile Write(IEnumerable<long> rows, long vehicles, string references)
    {
        var file = new NoticeFile();
        var today = LondonDate.Of(TimeProvider.System.GetUtcNow());
        using var writer = new StreamWriter(file.Path, append: false, new UTF8Encoding(false), 1 << 20);
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            MadeUp.WriteNotice(text.Clear(), row, vehicles, today, references);
            writer.Write(text.Append('\n'));
        }
        return file;
    }

    public static IEnumerable<long> Range(long from, long count)
    {
        for (var row = from; row < from + count; row++)
            yield return row;
    }

    public void Dispose() => File.Delete(Path);
}
