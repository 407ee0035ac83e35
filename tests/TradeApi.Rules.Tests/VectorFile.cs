using System.Text;

namespace TradeApi.Rules.Tests;

/// <summary>The vectors of one type of notice, as <c>tests/vectors/README.md</c> describes them.</summary>
sealed class VectorFile
{
    const string Folder = "tests/vectors";

    VectorFile(EventType type, IReadOnlyList<Vector> vectors)
    {
        Type = type;
        Vectors = vectors;
    }

    public static IReadOnlyList<VectorFile> All { get; } =
    [.. EventTypes.All.Where(type => File.Exists(PathOf(type))).Select(Read)];

    public static IEnumerable<string> NamesOnDisk =>
        Directory.EnumerateFiles(Checkout.PathOf(Folder), "*.csv").Select(path => Path.GetFileName(path)!);

    public EventType Type { get; }

    public IReadOnlyList<Vector> Vectors { get; }

    /// <summary>disposalToTrade → disposal-to-trade.csv.</summary>
    public static string NameOf(EventType type)
    {
        var name = new StringBuilder();
        foreach (var character in type.Name)
        {
            if (char.IsAsciiLetterUpper(character))
                name.Append('-');
            name.Append(char.ToLowerInvariant(character));
        }
        return name.Append(".csv").ToString();
    }

    static string PathOf(EventType type) => Checkout.PathOf($"{Folder}/{NameOf(type)}");

    static VectorFile Read(EventType type)
    {
        var lines = File.ReadAllLines(PathOf(type));
        var header = Cells(lines[0]);
        var plain = Cells(lines[1]);
        return new VectorFile(type, [.. lines.Skip(1).Select((line, index) => Row(Cells(line), index + 2))]);

        Vector Row(IReadOnlyList<string> cells, int line)
        {
            var place = $"{NameOf(type)}, line {line}";
            if (cells.Count != header.Count)
                throw new FormatException($"{place} has {cells.Count} cells; the header has {header.Count}.");
            var byColumn = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var column = 0; column < header.Count; column++)
                byColumn.Add(header[column], cells[column].Length > 0 ? cells[column] : plain[column]);
            return new Vector(type, place, byColumn);
        }
    }

    /// <summary>Commas part cells; a cell in quotes may hold commas, and quotes written twice. One row, one line.</summary>
    static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(line[i]);
        }
        if (quoted)
            throw new FormatException($"A quote is never closed: {line}");
        cells.Add(cell.ToString());
        return cells;
    }
}
