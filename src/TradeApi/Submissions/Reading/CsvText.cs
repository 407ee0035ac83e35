using System.Buffers;

namespace TradeApi.Submissions.Reading;

/// <summary>
/// Cells as we write them. A spreadsheet would run a cell that starts like a formula, so an apostrophe guards it, and the
/// reader takes that apostrophe off again. A text that itself starts with apostrophes before such a character gets one
/// more: so every text comes back as it was.
/// </summary>
internal static class CsvText
{
    static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r\n＝＋－＠");
    static readonly SearchValues<char> NeedQuotes = SearchValues.Create("\",;\t\r\n");

    /// <summary>The cell as it stands in a file with any of our delimiters.</summary>
    public static string Escape(string cell) => Quote(IsFormula(cell.AsSpan().TrimStart('\'')) ? "'" + cell : cell);

    /// <summary>The text of a cell without the apostrophe that guards it.</summary>
    public static string WithoutGuard(string cell) =>
        cell.StartsWith('\'') && IsFormula(cell.AsSpan().TrimStart('\'')) ? cell[1..] : cell;

    /// <summary>Quotes alone, for names that cannot be a formula.</summary>
    public static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(NeedQuotes) || cell is [' ', ..] or [.., ' ']
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    static bool IsFormula(ReadOnlySpan<char> cell) => !cell.IsEmpty && FormulaStarts.Contains(cell[0]);
}
