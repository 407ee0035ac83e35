using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace TradeApi.Tests.Submissions;

/// <summary>A file that is refused as a whole leaves nothing, and its key is free for the mended one.</summary>
public class RefusedFiles(Hosts hosts) : IClassFixture<Hosts>
{
    const string Csv = "text/csv";
    const string Ndjson = "application/x-ndjson";
    const string Array = "application/json";

    // What it is, media type, text, status, code, line.
    public static readonly TheoryData<string, string, string, int, string, int?> Texts = new()
    {
        { "C098 empty NDJSON", Ndjson, "", 422, "file.empty", null },
        { "C098 blank lines", Ndjson, "\n \r\n\n", 422, "file.empty", null },
        { "C098 a header alone", Csv, "type,eventDate\n", 422, "file.empty", null },
        { "C098 an empty array", Array, "[ ]", 422, "file.empty", null },
        { "an unknown column", Csv, "type,colour\n1,2\n", 422, "file.unknown-column", 1 },
        { "a column without a name", Csv, "type,,eventDate\n1,2,3\n", 422, "file.unknown-column", 1 },
        { "C104 a doubled column", Csv, "type,eventDate,EventDate\n1,2,3\n", 422, "file.duplicate-column", 1 },
        { "C092 another delimiter", Csv, "type|eventDate\n1|2\n", 422, "file.unknown-column", 1 },
        { "a header after blank lines", Csv, "\n\ntype,colour\n1,2\n", 422, "file.unknown-column", 3 },
        { "a stray quote in the header", Csv, "type,\"event\"Date\n1,2\n", 422, "row.quote", 1 },
        { "a NUL in a column's name", Csv, "type,colo\0ur\n1,2\n", 422, "file.unknown-column", 1 },
        { "a NUL in the name of a column passed over", Csv, "type,x-a\0b\n1,2\n", 422, "file.unknown-column", 1 },
        { "a JSON object for a file", Array, "{}", 400, "row.unreadable", 1 },
        { "a cut array", Array, "[{\"type\":\"x\"},\n{\"type\":", 400, "row.unreadable", 2 },
        { "text behind the array", Array, "[{}]\n[{}]", 400, "row.unreadable", 2 },
        { "a missing comma", Array, "[{}\n\n{}]", 400, "row.unreadable", 3 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_file_that_cannot_be_read_is_refused_with_code_and_line(
        string what,
        string mediaType,
        string text,
        int status,
        string code,
        int? line
    )
    {
        Assert.NotNull(what);
        foreach (var database in new OnBothDatabases())
            await AssertRefused(database, mediaType, Encoding.UTF8.GetBytes(text), status, code, line);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C093_C105_other_encodings_are_named_and_refused(string database)
    {
        const string Text = "type,newKeeper.lastName\ndisposalToTrade,Siân\n";
        (byte[] File, string Named, int Line)[] files =
        [
            ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)], "UTF-16", 1),
            (Encoding.BigEndianUnicode.GetBytes(Text), "UTF-16", 1),
            (Encoding.UTF32.GetBytes(Text), "UTF-32", 1),
            (Encoding.Latin1.GetBytes(Text), "Windows-1252", 2),
            ([.. "type,newKeeper.lastName\nx,\n\n\""u8, 0x96, (byte)'"', (byte)'\n'], "Windows-1252", 4),
        ];
        foreach (var (file, named, line) in files)
        {
            var reply = await AssertRefused(database, Csv, file, 422, "file.encoding", line);
            Assert.Contains(named, reply.String("detail")!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C081_a_row_of_more_than_64_KiB_refuses_the_file(string database)
    {
        var (most, more) = (new string('x', 65536 - 8), new string('x', 65536 - 7));
        await AssertRefused(
            database,
            Ndjson,
            Encoding.UTF8.GetBytes($"\n{{\"a\":\"{more}\"}}\n"),
            413,
            "row.too-long",
            2
        );
        await AssertRefused(
            database,
            Array,
            Encoding.UTF8.GetBytes($"[\n{{\"a\":\"{more}\"}}]"),
            413,
            "row.too-long",
            2
        );
        await AssertRefused(
            database,
            Csv,
            Encoding.UTF8.GetBytes($"type\n{new string('x', 65537)}\n"),
            413,
            "row.too-long",
            2
        );
        await AssertRefused(
            database,
            Ndjson,
            new byte[1 << 20]
                .Select(_ => (byte)'x')
                .ToArray(),
            413,
            "row.too-long",
            1
        );

        var partner = await hosts.Partner(database);
        var taken = await partner.SendFile(Encoding.UTF8.GetBytes($"{{\"a\":\"{most}\"}}\n"));
        Assert.Equal((202, 1), (taken.Status, (int)taken.Json["rows"]!["refused"]!));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task More_than_a_million_rows_refuse_the_file(string database)
    {
        var row = "{}\n"u8.ToArray();
        var million = new byte[row.Length * 1_000_001];
        for (var i = 0; i < million.Length; i += row.Length)
            row.CopyTo(million, i);

        var reply = await AssertRefused(database, Ndjson, million, 413, "file.too-large", 1_000_001);

        Assert.Contains("1,000,000 rows", reply.String("detail")!, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C095_C096_more_than_1_GiB_inflated_refuses_the_file(string database)
    {
        // A MiB of blank lines packs to a thousandth; the file is cut off before the rest is inflated.
        var blank = new byte[1 << 20];
        System.Array.Fill(blank, (byte)' ');
        for (var i = 32_767; i < blank.Length; i += 32_768)
            blank[i] = (byte)'\n';
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var i = 0; i < 1100; i++)
                await gzip.WriteAsync(blank);

        var reply = await AssertRefused(
            database,
            Ndjson,
            packed.ToArray(),
            413,
            "file.too-large",
            null,
            request => request.Content!.Headers.ContentEncoding.Add("gzip")
        );

        Assert.Contains("1,073,741,824 bytes", reply.String("detail")!, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_gzip_file_that_is_cut_off_or_broken_is_refused(string database)
    {
        var file = Enumerable
            .Repeat("{\"type\":\"disposalToTrade\"}\n", 3000)
            .SelectMany(Encoding.UTF8.GetBytes)
            .ToArray();
        // Random text packs badly, so that the cut lies in the middle of the rows.
        var noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(200_000)).Chunk(1000);
        var packed = Gzip([
            .. file,
            .. noise.SelectMany(part => Encoding.UTF8.GetBytes($"{{\"a\":\"{new string(part)}\"}}\n")),
        ]);
        byte[][] broken =
        [
            packed[..^1],
            packed[..^9],
            packed[..(packed.Length / 2)],
            packed[..12],
            "no gzip"u8.ToArray(),
            [],
        ];
        foreach (var body in broken)
            await AssertRefused(
                database,
                Ndjson,
                body,
                body.Length == 0 ? 422 : 400,
                body.Length == 0 ? "file.empty" : "body.unreadable",
                null,
                request => request.Content!.Headers.ContentEncoding.Add("gzip")
            );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_digest_that_does_not_fit_refuses_the_file(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var file = Notices.File(Notices.Disposal(await host.AddVehicle()).With("keeperConsent", false));
        var other = Convert.ToBase64String(SHA256.HashData("other"u8));
        var right = Convert.ToBase64String(SHA256.HashData(file));
        await AssertRefused(database, Ndjson, file, 422, "file.digest", null, Digest($"sha-256=:{other}:"));
        foreach (
            var malformed in new[]
            {
                right,
                $"sha-256={right}",
                $"sha-256=:{right}",
                "sha-256=::",
                "sha-256=:?:",
                "sha-512=:AA==:",
                "md5=:AA==:",
            }
        )
            await AssertRefused(database, Ndjson, file, 400, "parameter.invalid", null, Digest(malformed));
        foreach (var good in new[] { $"sha-256=:{right}:", $"sha-512=:AA==:, sha-256=:{right}:" })
        {
            var taken = await partner.SendFile(file, adjust: Digest(good));
            Assert.Equal((202, $"sha-256=:{right}:"), (taken.Status, taken.String("contentDigest")));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_the_headers_and_parameters_may_not_say_is_refused_before_the_file_is_read(string database)
    {
        byte[] file = [.. "{}"u8];
        await AssertRefused(database, "text/plain", file, 415, "media-type.unsupported", null);
        await AssertRefused(
            database,
            "application/x-ndjson; charset=utf-16",
            file,
            415,
            "media-type.unsupported",
            null
        );
        await AssertRefused(database, "multipart/form-data; boundary=x", file, 415, "media-type.unsupported", null);
        await AssertRefused(database, Ndjson, file, 415, "media-type.unsupported", null, Encoded("br"));
        await AssertRefused(database, Ndjson, file, 415, "media-type.unsupported", null, Encoded("gzip, gzip"));
        await AssertRefused(database, Ndjson, file, 400, "parameter.invalid", null, query: "?mode=trial");
        await AssertRefused(database, Ndjson, file, 400, "parameter.invalid", null, Named(new string('n', 256)));
        await AssertRefused(database, Ndjson, file, 400, "parameter.invalid", null, Named("UTF-8''a%00b", "*"));
    }

    // Refused, with nothing kept, and the key good for a file that can be read.
    async Task<Reply> AssertRefused(
        string database,
        string mediaType,
        byte[] file,
        int status,
        string code,
        int? line,
        Action<HttpRequestMessage>? adjust = null,
        string query = ""
    )
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var key = Partner.NewKey();
        var before = await host.CountRows();

        var reply = await partner.SendBody(file, mediaType, key, "/v1/submissions" + query, adjust);

        Assert.Equal((status, code), (reply.Status, reply.String("code")));
        if (
            code.StartsWith("file.", StringComparison.Ordinal) && code != "file.digest"
            || code.StartsWith("row.", StringComparison.Ordinal)
        )
        {
            Assert.Equal([code], reply.Codes);
            Assert.Equal(line, (int?)reply.Json["findings"]![0]!["line"]);
        }
        Assert.NotEmpty(reply.String("detail")!);
        Assert.Equal(before, await host.CountRows());
        Assert.Equal(404, (await partner.Get($"/v1/outcomes/{key}")).Status);
        var mended = await partner.SendFile("{\"type\":\"disposalToTrade\"}"u8.ToArray(), key: key);
        Assert.Equal(202, mended.Status);
        Assert.Null(mended.Header("Idempotency-Replayed"));
        return reply;
    }

    static Action<HttpRequestMessage> Digest(string digest) =>
        request => request.Headers.TryAddWithoutValidation("Content-Digest", digest);

    static Action<HttpRequestMessage> Encoded(string encoding) =>
        request => request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

    static Action<HttpRequestMessage> Named(string name, string star = "") =>
        request =>
            request.Content!.Headers.TryAddWithoutValidation(
                "Content-Disposition",
                string.Create(CultureInfo.InvariantCulture, $"attachment; filename{star}={name}")
            );

    static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }
}
