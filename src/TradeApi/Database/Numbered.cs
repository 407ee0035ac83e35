using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TradeApi.Database;

/// <summary>
/// A statement whose parameters have numbers, as PostgreSQL knows them, with their names in that order. Where a statement has
/// names, the provider looks for them in its text at every call; here each text is gone through once.
/// </summary>
sealed record Numbered(string Sql, IReadOnlyList<string> Names)
{
    // The program has some dozens of statements, and none bears a value in its text.
    static readonly ConcurrentDictionary<string, Numbered> Known = new(StringComparer.Ordinal);

    static readonly Regex Name = new(@"@\w+", RegexOptions.NonBacktracking);

    public static Numbered Of(string sql) => Known.GetOrAdd(sql, Number);

    static Numbered Number(string sql)
    {
        var names = new List<string>();
        var numbered = Name.Replace(
            sql,
            match =>
            {
                var name = match.Value[1..];
                if (!names.Contains(name))
                    names.Add(name);
                return string.Create(CultureInfo.InvariantCulture, $"${names.IndexOf(name) + 1}");
            }
        );
        return new(numbered, names);
    }
}
