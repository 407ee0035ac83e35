using System.Text;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class RandomFiles
{
    readonly Random random = new(20261125);

    [Fact]
    public async Task Every_text_that_we_write_into_a_csv_cell_comes_back_as_it_was()
    {
        foreach (var delimiter in ",;\t")
        {
            var rows = Enumerable
                .Range(0, 2_000)
                .Select(_ => Files.Columns.Select(_ => Text("'=+-@＝＋－＠\t\r\n\",; aâ🚗", 6)).ToArray())
                .ToList();
            var csv = new StringBuilder(string.Join(delimiter, Files.Columns)).Append('\n');
            rows.ForEach(row => csv.AppendJoin(delimiter, row.Select(CsvText.Escape)).Append("\r\n"));

            var file = await Files.Csv(csv.ToString());

            var expected = rows.Select(row =>
                string.Join(
                    ' ',
                    Files.Columns.Zip(row).Where(c => c.Second.Length > 0).Select(c => $"{c.First}={c.Second}")
                )
            );
            Assert.Equal(expected, file.Cells());
        }
    }

    [Fact]
    public void No_cell_that_we_write_starts_like_a_formula()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var cell = CsvText.Escape(Text("'=+-@＝＋－＠\t\r\n\",;a", 4));
            var shown = CsvCell.Read(Files.Utf8(cell));
            Assert.DoesNotContain(shown.FirstOrDefault(), "=+-@\t\r\n＝＋－＠");
        }
    }

    [Fact]
    public async Task No_line_of_a_csv_file_is_ever_lost_however_its_quotes_stand()
    {
        for (var i = 0; i < 3_000; i++)
        {
            var body = Text("\"\",,\n\n\r a'é", 60);

            var file = await Files.Csv("type,eventDate\n" + body, new ReadLimits(RowBytes: 24));

            if (file.Refused is { } refused)
            {
                Assert.True(refused.Code is "file.empty" or "row.too-long", refused.Code);
                continue;
            }

            Assert.Equal(file.Rows.Count, file.Cells().Count());
            AssertEveryLineIsInOneRow(body.Split('\n'), file.Rows);
        }
    }

    [Fact]
    public async Task Objects_are_the_same_rows_in_an_array_and_in_lines()
    {
        for (var i = 0; i < 200; i++)
        {
            var objects = Enumerable.Range(0, random.Next(1, 20)).Select(_ => JsonObject(0)).ToList();

            var lines = await Files.Ndjson(string.Join('\n', objects));
            var array = await Files.JsonArray($"[{string.Join(",\n", objects)}\n]");

            Assert.Equal(objects, lines.Texts);
            Assert.Equal(lines.Rows, array.Rows);
            Assert.All(objects, json => Assert.Null(JsonRow.Read(Files.Utf8(json), [])));
        }
    }

    [Fact]
    public async Task Damaged_json_gives_faults_and_refusals_but_never_another_exception()
    {
        var members = new List<Member>();
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = Files.Utf8(JsonObject(0));
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (JsonRow.Read(bytes, members) is { } fault)
            {
                Assert.StartsWith("row.", fault.Code, StringComparison.Ordinal);
            }

            if (i % 20 == 0)
            {
                await Files.JsonArray("[" + Encoding.Latin1.GetString(bytes) + ",{}]");
            }
        }
    }

    static void AssertEveryLineIsInOneRow(string[] lines, IReadOnlyList<ReadRow> rows)
    {
        var next = 0;
        foreach (var row in rows)
        {
            for (; next < row.Line - 2; next++)
            {
                Assert.True(string.IsNullOrWhiteSpace(lines[next]));
            }

            var height = row.Text.Count(c => c == '\n') + 1;
            Assert.Equal(string.Join('\n', lines[next..(next + height)]).TrimEnd('\r'), row.Text.TrimEnd('\r'));
            next += height;
        }

        Assert.All(lines[next..], line => Assert.True(string.IsNullOrWhiteSpace(line)));
    }

    string Text(string alphabet, int longest)
    {
        var runes = alphabet.EnumerateRunes().ToArray();
        return string.Concat(
            Enumerable.Range(0, random.Next(longest + 1)).Select(_ => runes[random.Next(runes.Length)])
        );
    }

    string JsonObject(int depth)
    {
        var members = Enumerable
            .Range(0, random.Next(4))
            .Select(i => $"\"{Text("ab.%é", 3)}{i}\":{JsonValue(depth + 1)}");
        return "{" + string.Join(", ", members) + "}";
    }

    string JsonValue(int depth) =>
        random.Next(depth > 4 ? 4 : 6) switch
        {
            0 => "null",
            1 => random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
            2 => "true",
            3 => $"\"{Text("ab\\u00e9 ,]}".Replace("\\u00e9", "é", StringComparison.Ordinal), 8)}\"",
            4 => JsonObject(depth),
            _ => "[" + string.Join(",", Enumerable.Range(0, random.Next(3)).Select(_ => JsonValue(depth + 1))) + "]",
        };
}
