using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests;

/// <summary>A partner's software with a token, and the calls in the words of the contract.</summary>
sealed class Partner(HttpClient http, string organisation, string clientId)
{
    public HttpClient Http => http;

    /// <summary>Goes on with the same token at another address, as after a restart.</summary>
    public Partner MovedTo(Uri address)
    {
        var moved = new HttpClient { BaseAddress = address, Timeout = http.Timeout };
        moved.DefaultRequestHeaders.Authorization = http.DefaultRequestHeaders.Authorization;
        return new Partner(moved, organisation, clientId);
    }

    public string Organisation => organisation;

    public string ClientId => clientId;

    /// <summary>A notice of this software as it reaches the register, without a call.</summary>
    public Notice ToNotice(JsonObject body, DateTimeOffset receivedAt, string? key = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var members = new List<Member>();
        Assert.Null(JsonRow.Read(bytes, members));
        return new Notice
        {
            Id = Guid.CreateVersion7(receivedAt),
            Change = KeeperChange.Read(members, LondonDate.Of(receivedAt)),
            SubmittedBy = organisation,
            ClientId = clientId,
            ReceivedAt = receivedAt,
            Payload = bytes,
            Key = key is null ? null : new IdempotencyKey(key, SHA256.HashData(bytes)),
        };
    }

    public static string NewKey() => Guid.CreateVersion7().ToString("N");

    /// <summary>Sends one notice, as JSON text.</summary>
    public Task<Reply> Send(string notice, string? key = null) =>
        Call(HttpMethod.Post, "/v1/keeper-changes", Json(notice), key ?? NewKey());

    public Task<Reply> Send(JsonObject notice, string? key = null) => Send(notice.ToJsonString(), key);

    /// <summary>Sends a body as it stands, of whatever media type.</summary>
    public Task<Reply> SendBody(
        byte[] body,
        string? mediaType = "application/json",
        string? key = null,
        string path = "/v1/keeper-changes",
        Action<HttpRequestMessage>? adjust = null
    )
    {
        var content = new ByteArrayContent(body);
        if (mediaType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return Call(HttpMethod.Post, path, content, key ?? NewKey(), adjust: adjust);
    }

    public Task<Reply> Validate(string notice) =>
        Call(HttpMethod.Post, "/v1/keeper-changes/validate", Json(notice), null);

    public Task<Reply> Validate(JsonObject notice) => Validate(notice.ToJsonString());

    /// <summary>Takes a notice back; without a body unless one is given.</summary>
    public Task<Reply> Reverse(string id, JsonObject? body = null, string? key = null) =>
        Call(
            HttpMethod.Post,
            $"/v1/keeper-changes/{id}/reversal",
            body is null ? null : Json(body.ToJsonString()),
            key ?? NewKey()
        );

    /// <summary>Puts a notice right.</summary>
    public Task<Reply> Correct(string id, JsonObject body, string? key = null) =>
        Call(HttpMethod.Post, $"/v1/keeper-changes/{id}/correction", Json(body.ToJsonString()), key ?? NewKey());

    public Task<Reply> Post(string path, JsonObject body) =>
        Call(HttpMethod.Post, path, Json(body.ToJsonString()), null);

    public Task<Reply> Get(string path, string? accept = null) => Call(HttpMethod.Get, path, null, null, accept);

    /// <summary>Asks something with a body of JSON.</summary>
    public Task<Reply> Ask(string path, string body) => Call(HttpMethod.Post, path, Json(body));

    public Task<Reply> Ask(string path, JsonObject body) => Ask(path, body.ToJsonString());

    /// <summary>Sends a file and, unless told otherwise, waits for its end.</summary>
    public Task<Reply> SendFile(
        byte[] file,
        string mediaType = "application/x-ndjson",
        string? key = null,
        string query = "",
        string? wait = "wait=30",
        Action<HttpRequestMessage>? adjust = null
    )
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return Call(
            HttpMethod.Post,
            "/v1/submissions" + query,
            content,
            key ?? NewKey(),
            adjust: request =>
            {
                if (wait is not null)
                    request.Headers.Add("Prefer", wait);
                adjust?.Invoke(request);
            }
        );
    }

    /// <summary>Asks for a submission until it is as it should be.</summary>
    public async Task<Reply> Await(string submissionId, Func<Reply, bool> asExpected)
    {
        for (var i = 0; i < 300; i++)
        {
            var reply = await Get($"/v1/submissions/{submissionId}");
            if (asExpected(reply))
                return reply;
            await Task.Delay(100);
        }
        throw new TimeoutException((await Get($"/v1/submissions/{submissionId}")).Text);
    }

    /// <summary>The results of a submission, all rows.</summary>
    public async Task<IReadOnlyList<JsonObject>> Results(string submissionId, string query = "")
    {
        var reply = await Get($"/v1/submissions/{submissionId}/results{query}", "application/x-ndjson");
        Assert.Equal(200, reply.Status);
        return reply
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .ToList();
    }

    public async Task<Reply> Call(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string? key = null,
        string? accept = null,
        Action<HttpRequestMessage>? adjust = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        adjust?.Invoke(request);
        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var reply = new Reply((int)response.StatusCode, bytes, response.Headers, response.Content.Headers);
        Assert.True(reply.Status < 500, $"{method} {path} answered {reply.Status}: {reply.Text}");
        return reply;
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <summary>An answer.</summary>
sealed record Reply(int Status, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();

    public string? String(string member) => (string?)Json[member];

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>The codes of its findings.</summary>
    public IReadOnlyList<string> Codes => CodesOf(Json);

    public static IReadOnlyList<string> CodesOf(JsonObject json) =>
        json["findings"] is JsonArray findings ? findings.Select(finding => (string)finding!["code"]!).ToList() : [];
}

/// <summary>What comes to pass in its own time.</summary>
static class Eventually
{
    public static async Task Holds(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 150; i++)
        {
            if (await condition())
                return;
            await Task.Delay(100);
        }
        Assert.Fail("It did not come to pass.");
    }
}
