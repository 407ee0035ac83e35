using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class NdjsonFiles
{
    [Fact]
    public async Task C076_a_last_line_without_a_line_end_is_a_row_and_no_carriage_return_stays()
    {
        var file = await Files.Ndjson("{\"type\":\"a\"}\r\n{\"type\":\"b\"}");

        Assert.Equal([new(1, 1, "{\"type\":\"a\"}", null), new(2, 2, "{\"type\":\"b\"}", null)], file.Rows);
        Assert.Null(file.Refused);
    }

    [Theory]
    [InlineData("{}\n\n\n")]
    [InlineData("{}\r\n\r\n")]
    [InlineData("{}\r")]
    [InlineData("\n{}\n \t")]
    [InlineData("\uFEFF{}\n")]
    public async Task C077_line_ends_behind_the_last_row_are_no_rows(string text)
    {
        var file = await Files.Ndjson(text);

        Assert.Equal(["{}"], file.Texts);
        Assert.Null(file.Refused);
    }

    [Fact]
    public async Task C078_a_blank_line_counts_as_a_line_but_not_as_a_row()
    {
        var file = await Files.Ndjson("{\"type\":\"a\"}\n   \n{bad}\n");

        Assert.Equal([new(1, 1, "{\"type\":\"a\"}", null), new(2, 3, "{bad}", null)], file.Rows);
        Assert.Equal("row.unreadable", JsonRow.Read("{bad}"u8, [])?.Code);
    }

    [Fact]
    public async Task A_row_may_be_as_long_as_the_limit_and_not_a_byte_longer()
    {
        var limits = new ReadLimits(RowBytes: 16);
        var longest = new string('x', 16);

        Assert.Equal([longest, longest], (await Files.Ndjson($"{longest}\r\n{longest}", limits)).Texts);

        foreach (
            var text in new[] { $"y\n{longest}x", $"y\n{longest}x\n", $"y\n{longest}x\r\n", $"y\n{longest}xxxx\n" }
        )
        {
            var refused = (await Files.Ndjson(text, limits)).Refused;
            Assert.Equal(("row.too-long", 413, 2), (refused?.Code, refused?.Status, refused?.Line));
        }
    }

    [Fact]
    public async Task Rows_keep_their_numbers_and_lines_over_many_buffers()
    {
        var lines = Enumerable.Range(0, 500).Select(i => i % 7 == 3 ? "" : new string('x', 1 + (i % 16)));

        var file = await Files.Ndjson(string.Join('\n', lines), new ReadLimits(RowBytes: 16));

        var expected = lines
            .Select((text, index) => (text, line: index + 1))
            .Where(row => row.text.Length > 0)
            .Select((row, index) => new ReadRow(index + 1, row.line, row.text, null));
        Assert.Equal(expected, file.Rows);
    }
}
