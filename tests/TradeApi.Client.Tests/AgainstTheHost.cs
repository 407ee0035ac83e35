using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TradeApi.Client.Tests;

public sealed class AgainstTheHost(RunningHost host)
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_right_notice_is_accepted_with_a_receipt()
    {
        using var client = host.Client();
        var notice = host.Disposal();

        var result = await client.SendAsync(notice, cancellationToken: Cancel);
        var read = await client.GetKeeperChangeAsync(result.KeeperChangeId!, Cancel);

        Assert.True(result.IsAccepted, string.Join(' ', result.Findings.Select(finding => finding.Code)));
        Assert.NotNull(result.Receipt);
        Assert.NotNull(result.RequestId);
        Assert.Equal(notice.ClientReference, read.ClientReference);
        Assert.Equal(RunningHost.EventDate, read.EventDate);
    }

    [Fact]
    public async Task Nested_members_and_letters_of_every_language_arrive()
    {
        using var client = host.Client();

        var result = await client.SendAsync(host.Sale(), cancellationToken: Cancel);

        Assert.True(result.IsAccepted, string.Join(' ', result.Findings.Select(finding => finding.Code)));
    }

    [Fact]
    public async Task A_refused_notice_is_a_result_and_can_be_mended()
    {
        using var client = host.Client();
        var notice = host.Disposal();
        notice.KeeperConsent = false;

        var refused = await client.SendAsync(notice, cancellationToken: Cancel);
        notice.KeeperConsent = true;
        var mended = await client.SendAsync(notice, cancellationToken: Cancel);

        Assert.True(refused.IsRefused);
        Assert.Equal("consent.keeper", Assert.Single(refused.Findings).Code);
        Assert.Equal("/keeperConsent", refused.Findings[0].Pointer);
        Assert.Equal("refused", (await client.GetKeeperChangeAsync(refused.KeeperChangeId!, Cancel)).Outcome);
        Assert.True(mended.IsAccepted);
    }

    [Fact]
    public async Task C115_The_same_key_brings_the_first_answer()
    {
        using var client = host.Client();
        var notice = host.Disposal();

        var first = await client.SendAsync(notice, "key-" + notice.ClientReference, Cancel);
        var second = await client.SendAsync(notice, "key-" + notice.ClientReference, Cancel);

        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first.KeeperChangeId, second.KeeperChangeId);
    }

    [Fact]
    public async Task A_key_used_for_another_notice_is_an_exception()
    {
        using var client = host.Client();
        var notice = host.Disposal();
        var key = "key-" + notice.ClientReference;
        await client.SendAsync(notice, key, Cancel);

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.SendAsync(host.Disposal(), key, Cancel));

        Assert.Equal("idempotency-key.reused", failure.Code);
        Assert.Equal(422, failure.Status);
        Assert.NotNull(failure.RequestId);
    }

    [Fact]
    public async Task What_became_of_a_call_is_known_by_its_key()
    {
        using var client = host.Client();
        var notice = host.Disposal();
        var sent = await client.SendAsync(notice, cancellationToken: Cancel);

        var outcome = await client.GetOutcomeAsync(sent.IdempotencyKey, Cancel);

        Assert.Equal(sent.KeeperChangeId, outcome!.KeeperChange!.Id);
        Assert.Null(await client.GetOutcomeAsync("never-used", Cancel));
    }

    [Fact]
    public async Task Trying_a_notice_records_nothing()
    {
        using var client = host.Client();
        var notice = host.Disposal();

        Assert.Equal("accepted", (await client.ValidateAsync(notice, Cancel)).Outcome);
        Assert.Equal("accepted", (await client.ValidateAsync(notice, Cancel)).Outcome);
    }

    [Fact]
    public async Task A_notice_that_is_not_there_is_an_exception_with_its_status()
    {
        using var client = host.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.GetKeeperChangeAsync("kc_00000000000000000000000000000000", Cancel)
        );

        Assert.Equal(404, failure.Status);
        Assert.Equal("not-found", failure.Code);
    }

    [Fact]
    public async Task Every_way_to_prove_the_client_is_taken()
    {
        foreach (var credentials in new[] { host.Dealer, host.DealerByForm, host.DealerByKey })
        {
            using var client = host.Client(credentials);
            Assert.NotNull(await client.Core.ListSubmissionsAsync(cancellationToken: Cancel));
        }
    }

    [Fact]
    public async Task A_wrong_secret_is_told_with_the_error_of_the_token_server()
    {
        using var client = host.Client(ClientCredentials.FromSecret(host.Dealer.ClientId, new string('x', 43)));

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.GetKeeperChangeAsync("kc_1", Cancel));

        Assert.Equal("invalid_client", failure.Code);
    }

    [Theory]
    [InlineData(FileFormat.Csv, true)]
    [InlineData(FileFormat.Ndjson, false)]
    [InlineData(FileFormat.Json, true)]
    public async Task C141_A_file_is_taken_followed_and_read_back(FileFormat format, bool gzip)
    {
        using var client = host.Client();
        DisposalToTrade[] notices = [host.Disposal(), host.Disposal(), host.Disposal()];
        notices[1].KeeperConsent = false;
        using var file = Write(notices, format);
        var seen = new List<SubmissionProgress>();

        var received = await client.SendFileAsync(file, format, new() { FileName = "Gŵyl.txt", Gzip = gzip }, Cancel);
        var ended = await client.WaitForCompletionAsync(received.Id, new Collector(seen), Cancel);
        var rows = await client.ReadResultsAsync(received.Id, cancellationToken: Cancel).ToListAsync(Cancel);
        var refused = await client.ReadResultsAsync(received.Id, "refused", Cancel).ToListAsync(Cancel);
        using var corrections = new MemoryStream();
        await client.DownloadCorrectionsAsync(received.Id, corrections, Cancel);

        Assert.Equal("completed", ended.State);
        Assert.Equal("Gŵyl.txt", ended.FileName);
        Assert.Equal((3, 2, 1), (ended.Rows.Total, ended.Rows.Accepted, ended.Rows.Refused));
        Assert.Equal(["accepted", "refused", "accepted"], rows.Select(row => row.Outcome));
        Assert.Equal("consent.keeper", Assert.Single(Assert.Single(refused).Findings).Code);
        Assert.Equal(1, seen[^1].Fraction);
        var text = Encoding.UTF8.GetString(corrections.ToArray());
        Assert.Contains(notices[1].ClientReference, text, StringComparison.Ordinal);
        Assert.DoesNotContain(notices[0].ClientReference, text, StringComparison.Ordinal);

        // Mended and sent as it is: the columns that the service added are passed over.
        corrections.Position = 0;
        var mended = text.Replace(",false,", ",true,", StringComparison.Ordinal);
        var again = await client.SendFileAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(mended)),
            FileFormat.Csv,
            null,
            Cancel
        );
        Assert.Equal(1, (await client.WaitForCompletionAsync(again.Id, cancellationToken: Cancel)).Rows.Accepted);
    }

    [Fact]
    public async Task A_file_can_be_tried_and_sent_again_under_its_key()
    {
        using var client = host.Client();
        using var file = Write([host.Disposal()], FileFormat.Csv);
        var tried = await client.SendFileAsync(file, FileFormat.Csv, new() { ValidateOnly = true }, Cancel);
        Assert.Equal("validate", tried.Submission.Mode);
        Assert.Equal(1, (await client.WaitForCompletionAsync(tried.Id, cancellationToken: Cancel)).Rows.Accepted);

        file.Position = 0;
        var sent = await client.SendFileAsync(file, FileFormat.Csv, null, Cancel);
        file.Position = 0;
        var again = await client.SendFileAsync(
            file,
            FileFormat.Csv,
            new() { IdempotencyKey = sent.IdempotencyKey },
            Cancel
        );

        Assert.False(sent.Replayed);
        Assert.True(again.Replayed);
        Assert.Equal(sent.Id, again.Id);
        Assert.Equal(1, (await client.WaitForCompletionAsync(sent.Id, cancellationToken: Cancel)).Rows.Accepted);
    }

    [Fact]
    public async Task A_file_that_is_refused_as_a_whole_is_an_exception()
    {
        using var client = host.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendFileAsync(new MemoryStream("noSuchColumn\n1\n"u8.ToArray()), FileFormat.Csv, null, Cancel)
        );

        Assert.Equal("file.unknown-column", failure.Code);
    }

    [Fact]
    public async Task A_submission_can_be_listed_cancelled_and_resumed()
    {
        using var client = host.Client();
        using var file = Write([host.Disposal()], FileFormat.Ndjson);
        var sent = await client.SendFileAsync(file, FileFormat.Ndjson, null, Cancel);
        await client.WaitForCompletionAsync(sent.Id, cancellationToken: Cancel);

        // Both are harmless once it has ended.
        Assert.Equal("completed", (await client.CancelAsync(sent.Id, Cancel)).State);
        Assert.Equal("completed", (await client.ResumeAsync(sent.Id, Cancel)).State);
        Assert.Contains(await client.ListSubmissionsAsync(Cancel).ToListAsync(Cancel), item => item.Id == sent.Id);
    }

    static MemoryStream Write(DisposalToTrade[] notices, FileFormat format)
    {
        var json = notices.Select(notice => JsonSerializer.Serialize<Notice>(notice, TradeApiCore.Json));
        var text = format switch
        {
            FileFormat.Ndjson => string.Join('\n', json),
            FileFormat.Json => "[" + string.Join(',', json) + "]",
            _ =>
                "type,clientReference,registrationNumber,documentReferenceNumber,eventDate,keeperConsent,markRightsConsent\n"
                    + string.Join('\n', notices.Select(Row)),
        };
        return new MemoryStream(Encoding.UTF8.GetBytes(text));
    }

    static string Row(DisposalToTrade notice) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"disposalToTrade,{notice.ClientReference},{notice.RegistrationNumber},{notice.DocumentReferenceNumber},{notice.EventDate:yyyy-MM-dd},{(notice.KeeperConsent == true ? "true" : "false")},true"
        );

    /// <summary>Unlike Progress, told at once and in order.</summary>
    sealed class Collector(List<SubmissionProgress> seen) : IProgress<SubmissionProgress>
    {
        public void Report(SubmissionProgress value) => seen.Add(value);
    }
}
