using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class CsvFiles
{
    const string Header = "clientReference,newKeeper.lastName,eventDate\n";

    [Fact]
    public async Task C075_a_byte_order_mark_does_not_hide_the_first_column()
    {
        var file = await Files.Csv("\uFEFFregistrationNumber,eventDate\nAB12CDE,2026-06-30\n");

        Assert.Equal(["registrationNumber=AB12CDE eventDate=2026-06-30"], file.Cells());
    }

    [Fact]
    public async Task C085_a_line_break_inside_quotes_is_part_of_the_cell()
    {
        var file = await Files.Csv(
            "registrationNumber,newKeeper.address.line1\r\n"
                + "AB12CDE,\"1 High Street\r\nSampletown, \"\"Wales\"\"\"\r\nAB13CDE,x\r\n"
        );

        Assert.Equal(
            [
                "registrationNumber=AB12CDE newKeeper.address.line1=1 High Street\r\nSampletown, \"Wales\"",
                "registrationNumber=AB13CDE newKeeper.address.line1=x",
            ],
            file.Cells()
        );
        Assert.Equal([(1, 2), (2, 4)], file.Rows.Select(row => (row.Number, row.Line)));
    }

    [Theory]
    [InlineData("1.23457E+10")]
    [InlineData("01234567890")]
    [InlineData(" 1 ")]
    [InlineData("01-Mar")]
    public async Task C087_C088_C090_a_cell_is_text_and_nothing_is_made_of_it(string cell)
    {
        var file = await Files.Csv($"type,documentReferenceNumber\na,{cell}\n");

        Assert.Equal([$"type=a documentReferenceNumber={cell}"], file.Cells());
    }

    [Theory]
    [InlineData(",", "de-DE")]
    [InlineData(";", "en-GB")]
    [InlineData("\t", "fr-FR")]
    public async Task C092_the_header_tells_the_delimiter_and_the_culture_of_the_server_does_not(
        string delimiter,
        string culture
    )
    {
        Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo(culture);

        var file = await Files.Csv(
            "type,eventDate,registrationNumber\na,,b\n".Replace(",", delimiter, StringComparison.Ordinal)
        );

        Assert.Equal(["type=a registrationNumber=b"], file.Cells());
    }

    [Fact]
    public async Task C100_one_bad_row_of_a_hundred_is_refused_alone()
    {
        var rows = Enumerable.Range(1, 100).Select(i => i == 57 ? "r57,6\" rim,x" : $"r{i},Ann,x");

        var file = await Files.Csv(Header + string.Join('\n', rows));

        var bad = Assert.Single(file.Rows, row => row.Code is not null);
        Assert.Equal(new ReadRow(57, 58, "r57,6\" rim,x", "row.quote"), bad);
        Assert.Equal(100, file.Rows.Count);
    }

    public static TheoryData<string, string, string[]> UnbalancedQuotes { get; } =
        new()
        {
            { "never closed", "1,\"Ann,x\n2,Bob,x\n3,Cid,x\n", ["1 row.quote", "2", "3"] },
            { "never closed, in the last line", "1,Ann,x\n2,\"Bob,x", ["1", "2 row.quote"] },
            {
                "opened in row 1, stray in row 3",
                "1,\"Ann,x\n2,Bob,x\n3,Ci\"d,x\n4,Dee,x\n",
                ["1 row.quote", "2", "3 row.quote", "4"]
            },
            { "in the middle of a cell", "1,6\" rim,x\n2,Bob,x\n", ["1 row.quote", "2"] },
            { "text behind the closing quote", "1,\"Ann\"z,x\n2,Bob,x\n", ["1 row.quote", "2"] },
            { "a space before the opening quote", "1, \"Ann\",x\n2,Bob,x\n", ["1 row.quote", "2"] },
            { "behind a good cell of two lines", "1,\"An\nn\",x\"y\n2,Bob,x\n", ["1 row.quote", "2 row.quote", "3"] },
            { "a carriage return behind the closing quote", "1,Ann,\"x\"\r\r\n2,Bob,x\n", ["1 row.quote", "2"] },
            { "only a quote", "\"\n2,Bob,x\n", ["1 row.quote", "2"] },
        };

    [Theory]
    [MemberData(nameof(UnbalancedQuotes))]
    public async Task A_quote_that_does_not_balance_refuses_its_line_and_swallows_no_other(
        string what,
        string rows,
        string[] expected
    )
    {
        var file = await Files.Csv(Header + rows);

        Assert.True(file.Rows.Select(row => $"{row.Number} {row.Code}".Trim()).SequenceEqual(expected), what);
        Assert.All(file.Rows, row => Assert.Equal(row.Number + 1, row.Line));
        Assert.Equal(file.Rows.Count, file.Cells().Count());
    }

    [Fact]
    public async Task A_quote_that_is_not_closed_within_the_row_limit_is_not_searched_further()
    {
        var rows = "1,\"Ann,x\n" + string.Concat(Enumerable.Repeat("2,Bob,x\n", 20)) + "3,Ci\"d,x\n";

        var file = await Files.Csv(Header + rows, new ReadLimits(RowBytes: 64));

        Assert.Equal(22, file.Rows.Count);
        Assert.Equal(["row.quote", "row.quote"], file.Rows.Where(row => row.Code is not null).Select(row => row.Code));
    }

    [Fact]
    public async Task Too_many_cells_refuse_their_row_alone_and_too_few_leave_the_rest_absent()
    {
        var file = await Files.Csv(Header + "1,Ann,x,\n2\n3,\"a,b\",,\"\"\n4,\"a,b\",\n");

        Assert.Equal(["row.cells", null, "row.cells", null], file.Rows.Select(row => row.Code));
        Assert.Equal(["", "clientReference=2", "", "clientReference=4 newKeeper.lastName=a,b"], file.Cells());
    }

    [Fact]
    public async Task Blank_lines_are_no_rows_but_count_as_lines()
    {
        var file = await Files.Csv("\n \r\n" + Header + "\n1,Ann,x\r\n  \t\n\r\n2,Bob,x\n\n");

        Assert.Equal([(1, 5), (2, 8)], file.Rows.Select(row => (row.Number, row.Line)));
    }

    [Fact]
    public async Task Empty_cells_make_a_row_even_where_tabs_part_them()
    {
        Assert.Equal(["\t"], (await Files.Csv("type\teventDate\n\t\n")).Texts);
        Assert.Equal([","], (await Files.Csv("type,eventDate\n,\n")).Texts);
        Assert.Equal(["\"\""], (await Files.Csv("type\n\"\"\n")).Texts);
    }

    [Theory]
    [InlineData("'=SUM(A1)", "=SUM(A1)")]
    [InlineData("'-1", "-1")]
    [InlineData("\"'\tx\"", "\tx")]
    [InlineData("'@x", "@x")]
    [InlineData("''=x", "'=x")]
    [InlineData("'Neill", "'Neill")]
    [InlineData("'", "'")]
    [InlineData("''", "''")]
    public async Task The_apostrophe_that_guards_a_formula_is_taken_off(string cell, string text)
    {
        Assert.Equal([$"type={text}"], (await Files.Csv($"type\n{cell}\n")).Cells());
    }

    [Fact]
    public async Task A_row_may_be_as_long_as_the_limit_and_not_a_byte_longer()
    {
        var limits = new ReadLimits(RowBytes: 16);
        foreach (var longest in new[] { "0123456789012345", "\"01234,678\"\"1\n3\"", "\"0123\n678901\",ab" })
        {
            Assert.Equal(16, longest.Length);
            foreach (var end in new[] { "", "\n", "\r\n", "\r" })
            {
                var file = await Files.Csv($"type,eventDate\n{longest}{end}", limits);
                Assert.Equal([longest], file.Texts);
                Assert.Null(file.Rows[0].Code);
            }
        }

        foreach (
            var text in new[]
            {
                "01234567890123456",
                "\"0123456789\",abcd",
                "\"0123456789012345678901\"",
                new string('x', 90),
            }
        )
        {
            foreach (var end in new[] { "", "\n", "\r\n" })
            {
                var refused = (await Files.Csv($"type,eventDate\n{text}{end}", limits)).Refused;
                Assert.Equal(("row.too-long", 413, 2), (refused?.Code, refused?.Status, refused?.Line));
            }
        }
    }
}
