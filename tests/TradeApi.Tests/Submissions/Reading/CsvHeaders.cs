using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class CsvHeaders
{
    [Fact]
    public async Task C102_columns_are_found_by_name_in_any_order_and_case()
    {
        var file = await Files.Csv(
            "EventDate,REGISTRATIONNUMBER,newkeeper.Address.postcode\n2026-06-30,AB12CDE,SA1 1AA\n"
        );

        Assert.Equal(
            ["eventDate=2026-06-30 registrationNumber=AB12CDE newKeeper.address.postcode=SA1 1AA"],
            file.Cells()
        );
    }

    [Theory]
    [InlineData("registrationNumber,eventDate,EventDate", "file.duplicate-column", "eventDate")]
    [InlineData("registrationNumber;\"eventDate\";eventDate", "file.duplicate-column", "eventDate")]
    [InlineData("registrationNumber,vrm", "file.unknown-column", "vrm")]
    [InlineData("registrationNumber,", "file.unknown-column", "Column 2")]
    [InlineData(",,registrationNumber", "file.unknown-column", "Column 1")]
    [InlineData("type|eventDate", "file.unknown-column", "a comma, a semicolon or a tab")]
    [InlineData("type,\"event\nDate\"", "file.unknown-column", "eventDate…")]
    [InlineData("registrationNumber,x-\0", "file.unknown-column", "x-")]
    [InlineData("type,event\"Date", "row.quote", "header")]
    [InlineData("type,\"eventDate", "row.quote", "header")]
    public async Task C104_an_unknown_or_doubled_column_refuses_the_file_and_is_named(
        string header,
        string code,
        string named
    )
    {
        var file = await Files.Csv("\n" + header + "\nx,y,z\n");

        Assert.Empty(file.Rows);
        Assert.Equal((code, 422, 2), (file.Refused?.Code, file.Refused?.Status, file.Refused?.Line));
        Assert.Contains(named, file.Refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_of_a_corrections_file_are_passed_over()
    {
        var file = await Files.Csv("rowNumber,type,X-Note,x-note,Findings\n7,a,b,c,d\n");

        Assert.Equal(["type=a"], file.Cells());
        Assert.Equal(["rowNumber", "type", "X-Note", "x-note", "Findings"], file.Header?.Columns);
    }

    [Theory]
    [InlineData("type,eventDate")]
    [InlineData("TYPE;x-\"\"a;\"x-b;\"\"c\"\"\";\" EventDate \"")]
    [InlineData("x-a,b\ttype\t\"x-line\nbreak\"")]
    [InlineData("type")]
    public void A_header_comes_back_from_its_text_with_the_columns_as_they_were_sent(string record)
    {
        var sent = record.Replace("x-\"\"a", "\"x-\"\"a\"", StringComparison.Ordinal);
        var header = CsvHeader.Read(Files.Utf8(sent), Files.Columns);

        var restored = CsvHeader.Restore(header.ToString(), Files.Columns);

        Assert.Equal(header.Delimiter, restored.Delimiter);
        Assert.Equal(header.Columns, restored.Columns);
        Assert.Equal(header.Paths, restored.Paths);
        Assert.Equal(header.ToString(), restored.ToString());
    }
}
