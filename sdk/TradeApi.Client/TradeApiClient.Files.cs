using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TradeApi.Client.Transport;

namespace TradeApi.Client;

public sealed partial class TradeApiClient
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sends a file of notices. It is read while it is sent, however long it is, and the call returns as soon as its rows
    /// are stored; then follow it with <see cref="WaitForCompletionAsync"/>. A stream that cannot seek is sent once only;
    /// sending the whole file again later is harmless.
    /// </summary>
    /// <param name="file">The file, from where the stream stands to its end, in UTF-8. It stays yours.</param>
    /// <param name="format">How the notices stand in it.</param>
    /// <param name="sendOptions">How it is sent.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The file was refused as a whole, or the call was not answered.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public async Task<ReceivedFile> SendFileAsync(
        Stream file,
        FileFormat format,
        SendFileOptions? sendOptions = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        sendOptions ??= new();
        var key = sendOptions.IdempotencyKey ?? NewKey();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            sendOptions.ValidateOnly ? "v1/submissions?mode=validate" : "v1/submissions"
        );
        request.Options.Set(Attempts.TrafficKey, Traffic.FileOut);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // Asks whether the file is wanted before a stream that can be read only once is spent.
        request.Headers.ExpectContinue = file.CanSeek ? null : true;
        request.Content = new FileContent(file, sendOptions.Gzip);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(
            format switch
            {
                FileFormat.Csv => "text/csv",
                FileFormat.Ndjson => "application/x-ndjson",
                FileFormat.Json => "application/json",
                _ => throw new ArgumentOutOfRangeException(nameof(format)),
            }
        );
        if (sendOptions.FileName is { } name)
            request.Content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
            {
                FileNameStar = name,
            };

        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new ReceivedFile
        {
            Submission = await Read<Submission>(response, key, cancellationToken).ConfigureAwait(false),
            IdempotencyKey = key,
            Replayed = HeaderOf(response, "Idempotency-Replayed") == "true",
            Location = HeaderOf(response, "Location"),
            RetryAfter = Attempts.RetryAfterOf(response, options.TimeProvider.GetUtcNow()),
            RequestId = HeaderOf(response, "Request-Id"),
        };
    }

    /// <summary>A submission as it stands.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">There is no such submission that you may see (status 404), or no answer.</exception>
    public Task<Submission> GetSubmissionAsync(string id, CancellationToken cancellationToken = default) =>
        Core.GetSubmissionAsync(id, cancellationToken);

    /// <summary>Your organisation's submissions, newest first; pages are fetched as they are needed.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TradeApiException">The call was not answered.</exception>
    public async IAsyncEnumerable<Submission> ListSubmissionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string? cursor = null;
        do
        {
            var page = await Core.ListSubmissionsAsync(cursor, limit: 200, cancellationToken).ConfigureAwait(false);
            foreach (var submission in page.Items)
                yield return submission;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>Waits until a submission has ended, looking as often as the service asks for.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="progress">Told at each look how far it has come.</param>
    /// <param name="cancellationToken">Ends the waiting; the submission goes on.</param>
    /// <returns>The submission as it ended: <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</returns>
    /// <exception cref="TradeApiException">There is no such submission that you may see (status 404), or no answer.</exception>
    public async Task<Submission> WaitForCompletionAsync(
        string id,
        IProgress<SubmissionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/submissions/{Uri.EscapeDataString(id)}");
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var submission = await Read<Submission>(response, key: null, cancellationToken).ConfigureAwait(false);
            progress?.Report(new SubmissionProgress(submission));
            var wait = Attempts.RetryAfterOf(response, options.TimeProvider.GetUtcNow());
            // A state that this version does not know runs on as long as the service asks to look again.
            if (submission.State is not ("receiving" or "processing") && wait is null)
                return submission;
            if (submission.State is "completed" or "cancelled" or "failed")
                return submission;
            await Task.Delay(
                    wait is not { } asked ? LookAgain
                        : asked < options.MaxRetryDelay ? asked
                        : options.MaxRetryDelay,
                    options.TimeProvider,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>What became of each row, in row order, read as it comes, however long.</summary>
    /// <param name="id">The submission's id, <c>sub_…</c>.</param>
    /// <param name="outcome">Only rows with this outcome, such as <c>refused</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TradeApiException">The call was not answered, or the answer broke off.</exception>
    public async IAsyncEnumerable<RowResult> ReadResultsAsync(
        string id,
        string? outcome = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var filter = outcome is null ? "" : $"?outcome={Uri.EscapeDataString(outcome)}";
        using var response = await OpenStream(
                $"v1/submissions/{Uri.EscapeDataString(id)}/results{filter}",
                "application/x-ndjson",
                cancellationToken
            )
            .ConfigureAwait(false);
        using var lines = new StreamReader(
            await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)
        );
        while (await ReadResult(lines, cancellationToken).ConfigureAwait(false) is { } result)
            yield return result;
    }

    /// <summary>
    /// Writes the refused rows as a CSV in the file's own columns with a column <c>findings</c>: mend it and send it as it
    /// is.
    /// </summary>
    /// <param name="id">The submission's id, <c>sub_…</c>.</param>
    /// <param name="destination">Where the CSV goes; it stays yours.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The call was not answered, or the answer broke off.</exception>
    public async Task DownloadCorrectionsAsync(
        string id,
        Stream destination,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var response = await OpenStream(
                $"v1/submissions/{Uri.EscapeDataString(id)}/corrections",
                "text/csv",
                cancellationToken
            )
            .ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var block = new byte[64 * 1024];
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(block, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                throw BrokenOff(broken);
            }
            if (read == 0)
                return;
            await destination.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops a submission: rows not yet decided become <c>unprocessed</c>, decided ones stand.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">There is no such submission that you may see (status 404), or no answer.</exception>
    public Task<Submission> CancelAsync(string id, CancellationToken cancellationToken = default) =>
        Core.CancelSubmissionAsync(id, cancellationToken);

    /// <summary>Takes a submission that failed on the service's side up again, at the first row that is not decided.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">There is no such submission that you may see (status 404), or no answer.</exception>
    public Task<Submission> ResumeAsync(string id, CancellationToken cancellationToken = default) =>
        Core.ResumeSubmissionAsync(id, cancellationToken);

    async Task<HttpResponseMessage> OpenStream(string path, string mediaType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Options.Set(Attempts.TrafficKey, Traffic.StreamIn);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
    }

    static async Task<RowResult?> ReadResult(StreamReader lines, CancellationToken cancel)
    {
        try
        {
            var line = await lines.ReadLineAsync(cancel).ConfigureAwait(false);
            return line is null ? null : JsonSerializer.Deserialize<RowResult>(line, TradeApiCore.Json);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException)
        {
            throw BrokenOff(broken);
        }
    }

    static TradeApiException BrokenOff(Exception cause) =>
        new("The answer broke off before its end. Ask for it again.", cause)
        {
            Retryable = true,
            Outcome = "notApplied",
        };
}
