using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class JsonArrayFiles
{
    [Theory]
    [InlineData("[{\"a\":1},{\"b\":[2,{}]}]")]
    [InlineData("\uFEFF [ {\"a\":1} , {\"b\":[2,{}]} ] \r\n")]
    public async Task Elements_are_rows_as_they_were_sent(string text)
    {
        var file = await Files.JsonArray(text);

        Assert.Equal(["{\"a\":1}", "{\"b\":[2,{}]}"], file.Texts);
        Assert.Null(file.Refused);
    }

    [Fact]
    public async Task A_row_knows_the_line_it_starts_in()
    {
        var file = await Files.JsonArray("[\n  {\n    \"a\": 1\n  },\n\n  {\"b\": 2}\n]\n");

        Assert.Equal([2, 6], file.Rows.Select(row => row.Line));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-2.5e3")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"a, ] b\"")]
    [InlineData("[{\"a\":1}]")]
    public async Task An_element_that_is_no_object_refuses_its_row_alone(string element)
    {
        foreach (var text in new[] { $"[{{}},{element},{{}}]", $"[{{}}, {element} , {{}}]" })
        {
            var file = await Files.JsonArray(text);

            Assert.Equal([null, "row.unreadable", null], file.Rows.Select(row => row.Code));
            Assert.Equal(element, file.Rows[1].Text);
        }
    }

    [Fact]
    public async Task An_element_nested_too_deep_refuses_its_row_alone()
    {
        var deep = "{\"a\":" + new string('[', 500) + new string(']', 500) + "}";

        var file = await Files.JsonArray($"[{deep},{{}}]");

        Assert.Equal([deep, "{}"], file.Texts);
        Assert.Equal("row.unreadable", JsonRow.Read(Files.Utf8(deep), [])?.Code);
    }

    [Theory]
    [InlineData("{\"a\":1}", 0, 1)]
    [InlineData("[{}\n{}]", 1, 2)]
    [InlineData("[{},\n]", 2, 2)]
    [InlineData("[,{}]", 1, 1)]
    [InlineData("[{},{}", 2, 1)]
    [InlineData("[", 1, 1)]
    [InlineData("[{},\n{\"a\":", 2, 2)]
    [InlineData("[{},\n{\n\"a\":x}]", 2, 3)]
    [InlineData("[{}]\n[{}]", 1, 2)]
    [InlineData("[{}]]", 1, 1)]
    [InlineData("[{\"a\":\"x},\n{\"a\":\"y\"}]", 1, 1)]
    [InlineData("[{\"a\":\"x},{\"a\":\"y\"},{\"b\":\"z}]", 1, 1)]
    [InlineData("[01]", 1, 1)]
    public async Task A_broken_array_refuses_the_file_with_its_row_and_line(string text, int row, int line)
    {
        var refused = (await Files.JsonArray(text)).Refused;

        Assert.Equal(("row.unreadable", 400, line), (refused?.Code, refused?.Status, refused?.Line));
        Assert.Contains($"row {row}, line {line}.", refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_may_be_as_long_as_the_limit_and_not_a_byte_longer()
    {
        var limits = new ReadLimits(RowBytes: 16);
        var space = new string(' ', 200);
        var longest = "{\"a\":\"45678901\"}";

        Assert.Equal([longest, longest], (await Files.JsonArray($"[{longest}{space},{space}{longest}]", limits)).Texts);

        foreach (
            var element in new[] { "{\"a\":\"456789012\"}", "12345678901234567", "\"" + new string('x', 90) + "\"" }
        )
        {
            var refused = (await Files.JsonArray($"[{{}},\n{element}]", limits)).Refused;
            Assert.Equal(("row.too-long", 413, 2), (refused?.Code, refused?.Status, refused?.Line));
        }
    }
}
