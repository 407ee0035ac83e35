using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using TradeApi.Load.Running;

namespace TradeApi.Load.Senders;

/// <summary>
/// A partner's software that lets no call go before its outcome is known: whatever is unknown it asks for by its key, or
/// sends again under the same key.
/// </summary>
sealed class Sender(ApiNodes nodes, Credentials credentials, Journal journal) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(4);

    readonly SemaphoreSlim tokenGate = new(1, 1);
    readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };
    string token = "";
    long tokenSince;

    /// <summary>Sends until there is a definite answer.</summary>
    public async Task Deliver(Call call, byte[] body)
    {
        var patience = Stopwatch.StartNew();
        // Every other one asks first; the others just send again, which is as safe.
        var asks = call.Number % 2 == 0;
        while (patience.Elapsed < Patience)
        {
            try
            {
                if (call.IsAmbiguous && asks && await FoundDone(call))
                    return;
                if (await Sent(call, body))
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // A question went unanswered; the next round asks it again.
            }
            await Task.Delay(20);
        }
        journal.Surprise($"{call.Key}: no definite answer in {Patience.TotalMinutes} minutes");
    }

    /// <summary>Fetches something that must be there.</summary>
    public async Task<(int Status, string Body)> Get(string path)
    {
        for (var patience = Stopwatch.StartNew(); ; )
        {
            var node = nodes.Next();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, path));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(node));
                using var answer = await http.SendAsync(request);
                if ((int)answer.StatusCode < 500 || patience.Elapsed > Patience)
                    return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
            catch (Exception exception)
                when (exception is HttpRequestException or TaskCanceledException && patience.Elapsed < Patience)
            {
                nodes.IsAway(node);
            }
            await Task.Delay(20);
        }
    }

    // Asks what became of a call; true when it was done.
    async Task<bool> FoundDone(Call call)
    {
        var (status, body) = await Get("v1/outcomes/" + call.Key);
        if (status == 404)
        {
            journal.Resolved(call, done: false);
            return false;
        }
        var outcome = JsonNode.Parse(body)!;
        if (status != 200 || (string?)outcome["state"] != "completed")
            return false;
        journal.Resolved(call, done: true);
        var id = (string?)outcome["submissionId"] ?? (string?)outcome["keeperChange"]?["id"];
        Definite(call, (int)outcome["status"]!, id);
        return true;
    }

    async Task<bool> Sent(Call call, byte[] body)
    {
        var node = nodes.Next();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(node, call.IsFile ? "v1/submissions" : "v1/keeper-changes")
        );
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new(call.IsFile ? "application/x-ndjson" : "application/json");
        request.Headers.Add("Idempotency-Key", call.Key);
        // The next file waits until this one is decided, or a while: so the workers are never far behind.
        if (call.IsFile)
            request.Headers.Add("Prefer", "wait=5");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(node));
        journal.Sending(call);
        try
        {
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.Headers.ConnectionClose == true)
                nodes.IsAway(node);
            return Read(call, (int)answer.StatusCode, text, answer.Headers);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            nodes.IsAway(node);
            if (exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                journal.NotSent(call);
            else
                journal.Unknown(call, "connection");
            return false;
        }
    }

    bool Read(Call call, int status, string text, HttpResponseHeaders headers)
    {
        if (status >= 500)
        {
            var problem = ReadProblem(text);
            var code = (string?)problem?["code"] ?? "none";
            if ((string?)problem?["outcome"] is not { } outcome || problem["detail"] is null)
                journal.Surprise($"{call.Key}: {status} without advice: {text}");
            else if (outcome == "notApplied")
                return false;
            journal.Unknown(call, string.Create(CultureInfo.InvariantCulture, $"{status} {code}"));
            return false;
        }
        if (
            status is 401 or 429
            || status == 409 && (string?)ReadProblem(text)?["code"] == "idempotency-key.in-progress"
        )
        {
            if (status == 401)
                tokenSince = 0;
            return false;
        }
        var replayed = headers.Contains("Idempotency-Replayed");
        if (call.IsAmbiguous)
            journal.Resolved(call, replayed);
        else if (replayed)
            journal.Late();
        var answer = ReadProblem(text);
        Definite(call, status, (string?)answer?["id"] ?? ((string?)answer?["instance"])?.Split('/')[^1]);
        return true;
    }

    void Definite(Call call, int status, string? id)
    {
        var expected =
            call.IsFile ? 202
            : call.RowsToAccept == 1 ? 201
            : 422;
        if (status != expected)
            journal.Surprise($"{call.Key}: {status} instead of {expected}");
        journal.Answered(call, status, id is null ? null : Guid.ParseExact(id.Split('_')[1], "N"));
    }

    static JsonNode? ReadProblem(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    async Task<string> Token(Uri node)
    {
        if (tokenSince != 0 && Stopwatch.GetElapsedTime(tokenSince) < TokenLife)
            return token;
        await tokenGate.WaitAsync();
        try
        {
            if (tokenSince != 0 && Stopwatch.GetElapsedTime(tokenSince) < TokenLife)
                return token;
            using var form = new FormUrlEncodedContent(credentials.Form);
            using var answer = await http.PostAsync(new Uri(node, "oauth2/token"), form);
            answer.EnsureSuccessStatusCode();
            token = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
            tokenSince = Stopwatch.GetTimestamp();
            return token;
        }
        finally
        {
            tokenGate.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        tokenGate.Dispose();
    }
}
