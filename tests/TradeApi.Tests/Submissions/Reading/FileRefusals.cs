using System.Text;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class FileRefusals
{
    const string Csv = "type,newKeeper.lastName\na,b\n";

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\r\n \n")]
    public async Task C098_a_file_without_rows_is_refused_in_every_format(string text)
    {
        foreach (
            var file in new[]
            {
                await Files.Ndjson(text),
                await Files.JsonArray(text),
                await Files.Csv(text),
                await Files.JsonArray(text + "[ ]"),
                await Files.Csv(text + "type,eventDate"),
                await Files.Csv(text + "type,eventDate\r\n\r\n"),
            }
        )
        {
            Assert.Equal(("file.empty", 422), (file.Refused?.Code, file.Refused?.Status));
        }
    }

    public static TheoryData<string, byte[], string> OtherEncodings { get; } =
        new()
        {
            { "UTF-16 LE with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Csv)], "UTF-16" },
            { "UTF-16 BE with a mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Csv)], "UTF-16" },
            { "UTF-16 LE", Encoding.Unicode.GetBytes(Csv), "UTF-16" },
            { "UTF-16 BE", Encoding.BigEndianUnicode.GetBytes(Csv), "UTF-16" },
            { "UTF-32 with a mark", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Csv)], "UTF-32" },
            { "UTF-32", Encoding.UTF32.GetBytes(Csv), "UTF-32" },
            { "a mark alone", [0xFF, 0xFE], "UTF-16" },
        };

    [Theory]
    [MemberData(nameof(OtherEncodings))]
    public async Task C093_another_encoding_is_refused_with_its_name(string what, byte[] bytes, string name)
    {
        foreach (var file in new[] { await Files.Csv(bytes), await Files.Ndjson(bytes) })
        {
            Assert.Empty(file.Rows);
            Assert.Equal(("file.encoding", 422, 1), (file.Refused?.Code, file.Refused?.Status, file.Refused?.Line));
            Assert.True(file.Refused?.Message.Contains(name, StringComparison.Ordinal), what);
        }
    }

    [Theory]
    [InlineData("type,newKeeper.lastName\na,b\nc,Si\u00E2n\n", 3, "Windows-1252")]
    [InlineData("type,newKeeper.lastName\na,10 \u0096 12\n", 2, "Windows-1252")]
    [InlineData("type,newKeeper.lastName\na,\"x\ny\nSi\u00E2n\"\n", 4, "Windows-1252")]
    [InlineData("type,newKeeper.lastName\na,\"Si\u00E2n\n", 2, "Windows-1252")]
    [InlineData("type,newKeeper.lastName\na,b\u00E2", 2, "Windows-1252")]
    [InlineData("type,newKeeper.lastName\na,\u0081\n", 2, "not UTF-8.")]
    [InlineData("type,x-Stra\u00DFe\na,b\n", 1, "Windows-1252")]
    public async Task C105_bytes_that_are_no_utf8_refuse_the_file_with_their_line(string text, int line, string named)
    {
        var refused = (await Files.Csv(Files.Windows1252(text))).Refused;

        Assert.Equal(("file.encoding", 422, line), (refused?.Code, refused?.Status, refused?.Line));
        Assert.Contains(named, refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C105_bytes_that_are_no_utf8_refuse_an_ndjson_file()
    {
        var refused = (await Files.Ndjson(Files.Windows1252("{}\n{\"newKeeper\":\"Si\u00E2n\"}\n"))).Refused;

        Assert.Equal(("file.encoding", 422, 2), (refused?.Code, refused?.Status, refused?.Line));
    }

    [Fact]
    public async Task C095_C096_a_file_that_is_a_byte_too_large_is_refused_with_the_limit()
    {
        var text = string.Concat(Enumerable.Repeat("{}\n", 100));

        Assert.Equal(100, (await Files.Ndjson(text, new ReadLimits(Bytes: 300, RowBytes: 16))).Rows.Count);

        var refused = (await Files.Ndjson(text, new ReadLimits(Bytes: 299, RowBytes: 16))).Refused;
        Assert.Equal(("file.too-large", 413), (refused?.Code, refused?.Status));
        Assert.Contains("299 bytes", refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_row_too_many_is_refused_with_the_limit_in_every_format()
    {
        var limits = new ReadLimits(Rows: 2);
        Assert.Equal(2, (await Files.Ndjson("{}\n{}\n\n", limits)).Rows.Count);

        foreach (
            var file in new[]
            {
                await Files.Ndjson("{}\n{}\n{}\n", limits),
                await Files.JsonArray("[{},\n{},\n{}]", limits),
                await Files.Csv("type\na\n\"b\nc", limits),
            }
        )
        {
            Assert.Equal(("file.too-large", 413), (file.Refused?.Code, file.Refused?.Status));
            Assert.Contains("2 rows", file.Refused?.Message, StringComparison.Ordinal);
        }
    }
}
