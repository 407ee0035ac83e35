using Microsoft.Data.Sqlite;

namespace TradeApi.Vehicles;

/// <summary>
/// The marks of a file with the lines where they first stand. They lie in a file without a name, which the system takes
/// away with the process however that ends: forty million of them have no place in memory, and in the register they
/// would be left behind by a kill.
/// </summary>
sealed class LinesSeen : IDisposable
{
    readonly SqliteConnection connection = new("Data Source=;Pooling=false");
    readonly SqliteCommand add;
    readonly SqliteParameter line = new() { ParameterName = "@line" };
    readonly SqliteParameter mark = new() { ParameterName = "@mark" };

    public LinesSeen()
    {
        connection.Open();
        using var prepare = connection.CreateCommand();
        // Nothing here outlives the process, so nothing has to survive it.
        prepare.CommandText = """
            pragma journal_mode = off;
            pragma synchronous = off;
            pragma cache_size = -16000;
            create table seen (line integer primary key, mark text not null unique);
            begin
            """;
        prepare.ExecuteNonQuery();
        add = connection.CreateCommand();
        add.CommandText = "insert or ignore into seen (line, mark) values (@line, @mark)";
        add.Parameters.Add(line);
        add.Parameters.Add(mark);
    }

    /// <summary>False when the mark stands in an earlier line.</summary>
    public bool Add(int atLine, string ofMark)
    {
        line.Value = atLine;
        mark.Value = ofMark;
        return add.ExecuteNonQuery() > 0;
    }

    /// <summary>All marks with their lines, in the order of the lines, in chunks.</summary>
    public IEnumerable<Dictionary<string, int>> Chunks(int size)
    {
        using var next = connection.CreateCommand();
        next.CommandText = "select line, mark from seen where line > @after order by line limit @size";
        var after = next.Parameters.AddWithValue("@after", 0);
        next.Parameters.AddWithValue("@size", size);
        while (true)
        {
            var chunk = new Dictionary<string, int>(size, StringComparer.Ordinal);
            using (var rows = next.ExecuteReader())
                while (rows.Read())
                {
                    after.Value = rows.GetInt32(0);
                    chunk.Add(rows.GetString(1), rows.GetInt32(0));
                }
            if (chunk.Count == 0)
                yield break;
            yield return chunk;
        }
    }

    public void Dispose()
    {
        add.Dispose();
        connection.Dispose();
    }
}
