using TradeApi.Submissions;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions;

/// <summary>A body is read to its end for its digest, and nobody may send for ever.</summary>
public class EndlessBodies
{
    [Theory]
    [InlineData(999)]
    [InlineData(1000)]
    public async Task A_body_that_is_no_longer_than_a_file_may_be_has_a_digest(int length)
    {
        await using var body = new HashingStream(new MemoryStream(new byte[length]), mostBytes: 1000);

        var digest = await body.Finish(TestContext.Current.CancellationToken);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(new byte[length]), digest);
    }

    [Fact]
    public async Task A_longer_one_is_refused_when_it_gets_too_long_and_not_at_its_end()
    {
        using var sent = new MemoryStream(new byte[3_000_000]);
        await using var body = new HashingStream(sent, mostBytes: 1_000_000);

        var refused = await Assert.ThrowsAsync<FileRefused>(() => body.Finish(TestContext.Current.CancellationToken));

        Assert.Equal(("file.too-large", 413), (refused.Code, refused.Status));
        Assert.InRange(sent.Position, 1_000_000, 1_100_000);
    }
}
