using System.Text;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

public class JsonRows
{
    [Theory]
    [InlineData("""{"type":"a","eventDate":"2026-06-30"}""", "type:Text:a eventDate:Text:2026-06-30")]
    [InlineData(
        """{"newKeeper":{"address":{"line1":"1 X"},"title":"Ms"}}""",
        "newKeeper.address.line1:Text:1 X newKeeper.title:Text:Ms"
    )]
    [InlineData(
        """{"mileage":41250,"x":1.50e+2,"y":-0,"z":123456789012345678901234567890}""",
        "mileage:Number:41250 x:Number:1.50e+2 y:Number:-0 z:Number:123456789012345678901234567890"
    )]
    [InlineData("""{"a":true,"b":false}""", "a:Boolean:true b:Boolean:false")]
    [InlineData("""{"a":null,"b":{"c":null},"d":""}""", "d:Text:")]
    [InlineData("""{"a":{},"b":{"c":{ }}}""", "a:Other: b.c:Other:")]
    [InlineData(
        """{"c":["date.over-12-months","trade.held-by-another"],"d":[],"e":["x"]}""",
        "c:List:date.over-12-months trade.held-by-another d:List: e:List:x"
    )]
    [InlineData(
        """{"a":["x y"],"b":[1],"c":[null],"d":[["x"]],"e":[{"f":1}],"g":[""],"h":["x",true]}""",
        "a:Other: b:Other: c:Other: d:Other: e:Other: g:Other: h:Other:"
    )]
    [InlineData("""{"\u0074ype":"\u00e2\ud83d\ude97\n"}""", "type:Text:â🚗\n")]
    [InlineData("""  { }  """, "")]
    [InlineData("{\n \"a\" : \"b\"\r\n}\n", "a:Text:b")]
    [InlineData("\uFEFF{\"a\":\"b\"}", "a:Text:b")]
    public void An_object_becomes_the_list_of_its_members(string json, string expected)
    {
        Assert.Equal(expected, Read(json));
    }

    [Theory]
    [InlineData("""{"newKeeper.lastName":"X"}""", "newKeeper%2ElastName:Text:X")]
    [InlineData("""{"newKeeper\u002elastName":"X"}""", "newKeeper%2ElastName:Text:X")]
    [InlineData("""{"newKeeper":{"address.line1":"X"}}""", "newKeeper.address%2Eline1:Text:X")]
    [InlineData("""{"newKeeper%2ElastName":"X"}""", "newKeeper%252ElastName:Text:X")]
    [InlineData("""{"a.b":1,"a":{"b":2},"a%2Eb":3}""", "a%2Eb:Number:1 a.b:Number:2 a%252Eb:Number:3")]
    [InlineData("""{"":1,".":2,"a":{"":3}}""", ":Number:1 %2E:Number:2 a.:Number:3")]
    [InlineData("""{"":{"type":"a"}}""", ".type:Text:a")]
    public void A_dot_in_a_name_is_no_way_into_a_nested_object(string json, string expected)
    {
        Assert.Equal(expected, Read(json));
        Assert.All(expected.Split(' '), member => Assert.DoesNotContain(member.Split(':')[0], Files.Columns));
    }

    [Theory]
    [InlineData("""{"type":"a","type":"b"}""", "/type")]
    [InlineData("""{"type":null,"type":"b"}""", "/type")]
    [InlineData("""{"type":"a","t\u0079pe":"a"}""", "/type")]
    [InlineData("""{"newKeeper":{"address":{"line1":"x","line1":"x"}}}""", "/newKeeper/address/line1")]
    [InlineData("""{"newKeeper":{"title":"x"},"newKeeper":{"lastName":"y"}}""", "/newKeeper")]
    [InlineData("""{"a":[0,{"b":1,"b":2}]}""", "/a/1/b")]
    [InlineData("""{"a":[[{"b":1},{"b":1,"b":2}]]}""", "/a/0/1/b")]
    [InlineData("""{"a.b%/~":1,"a.b%/~":1}""", "/a.b%~1~0")]
    public void C079_a_member_that_stands_twice_is_refused_with_its_pointer(string json, string pointer)
    {
        var fault = JsonRow.Read(Files.Utf8(json), []);

        Assert.Equal("row.duplicate-member", fault?.Code);
        Assert.Contains($"The member {pointer} stands twice", fault?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"a","Type":"b"}""")]
    [InlineData("""{"a":{"x":1},"b":{"x":1},"x":1}""")]
    [InlineData("""{"a":[{"b":1},{"b":1}]}""")]
    public void Names_that_differ_in_case_or_place_are_no_duplicates(string json)
    {
        Assert.Null(JsonRow.Read(Files.Utf8(json), []));
        Assert.Null(JsonRow.Read(Files.Utf8(json), []));
    }

    public static TheoryData<string> Unreadable { get; } =
    [
        "",
        " ",
        "{",
        "}",
        "{bad}",
        "{\"secret\":\"AB12CDE",
        "{\"secret\":AB12CDE}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":1}{\"b\":2}",
        "{\"a\":1} AB12CDE",
        "{\"a\":NaN}",
        "{'a':1}",
        "{\"a\":1 /* AB12CDE */}",
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\" 1}",
        "{1:1}",
        "{\"a\":[1,]}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":\"\\ud800x\"}",
        "{\"\\ud800\":1}",
        "{\"a\":[\"\\ud800\"]}",
        "null",
        "true",
        "[]",
        "[{}]",
        "\"AB12CDE\"",
        "12",
        "\0",
        "{\"a\":\"\0\"}",
        "\uFEFF\uFEFF{}",
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Text_that_is_no_json_object_is_a_fault_that_repeats_nothing_of_it(string json)
    {
        var members = new List<Member> { new("left over", MemberKind.Text, "") };

        var fault = JsonRow.Read(Files.Utf8(json), members);

        Assert.Equal("row.unreadable", fault?.Code);
        Assert.DoesNotContain("AB12CDE", fault?.Message, StringComparison.Ordinal);
        Assert.Empty(members);
    }

    [Theory]
    [InlineData("{\"a\":x}", "byte 6.")]
    [InlineData("{\n\"a\":x}", "line 2, byte 5.")]
    public void A_fault_says_where_reading_stopped(string json, string where)
    {
        Assert.EndsWith(where, JsonRow.Read(Files.Utf8(json), [])?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_a_fault()
    {
        Assert.Equal("row.unreadable", JsonRow.Read(Files.Windows1252("{\"a\":\"Si\u00E2n\"}"), [])?.Code);
        Assert.Equal("row.unreadable", JsonRow.Read(Files.Windows1252("{\"Si\u00E2n\":1}"), [])?.Code);
    }

    [Theory]
    [InlineData("{\"a\":", "}")]
    [InlineData("[", "]")]
    public void Eight_levels_are_read_and_nine_are_not(string open, string close)
    {
        string Nested(int levels) =>
            "{\"a\":"
            + string.Concat(Enumerable.Repeat(open, levels - 1))
            + "1"
            + string.Concat(Enumerable.Repeat(close, levels - 1))
            + "}";

        Assert.Null(JsonRow.Read(Files.Utf8(Nested(8)), []));
        Assert.Contains("deeper than 8", JsonRow.Read(Files.Utf8(Nested(9)), [])?.Message, StringComparison.Ordinal);
        Assert.Contains(
            "deeper than 8",
            JsonRow.Read(Files.Utf8(Nested(5_000)), [])?.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    [InlineData(60_000, false)]
    public void A_name_longer_than_512_characters_is_not_read(int length, bool isRead)
    {
        Assert.Equal(isRead, JsonRow.Read(Files.Utf8($"{{\"{new string('n', length)}\":1}}"), []) is null);
        Assert.Equal(
            isRead,
            JsonRow.Read(Files.Utf8($"{{\"{new string('n', length - 2)}\":{{\"x\":1}}}}"), []) is null
        );
        Assert.Equal(isRead, JsonRow.Read(Files.Utf8($"{{\"{new string('n', length - 2)}\":[{{}}]}}"), []) is null);
        Assert.Equal(isRead, JsonRow.Read(Files.Utf8($"{{\"{new string('n', length - 3)}.\":1}}"), []) is null);
    }

    [Fact]
    public void Strangers_names_do_not_stay_and_disturb_no_later_row()
    {
        for (var row = 0; row < 5_000; row++)
        {
            Assert.Equal($"n{row}:Number:1 type:Text:a", Read($"{{\"n{row}\":1,\"type\":\"a\"}}"));
        }
    }

    static string Read(string json)
    {
        var members = new List<Member> { new("left over", MemberKind.Text, "") };
        Assert.Null(JsonRow.Read(Encoding.UTF8.GetBytes(json), members));
        return string.Join(' ', members.Select(member => $"{member.Path}:{member.Kind}:{member.Text}"));
    }
}
