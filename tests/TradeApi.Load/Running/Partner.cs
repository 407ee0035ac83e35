using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace TradeApi.Load.Running;

/// <summary>A partner's software: sends files and asks what became of them.</summary>
sealed class Partner(HttpClient http) : IDisposable
{
    /// <summary>Sends a file and gives the submission's id once it is taken.</summary>
    public async Task<string> Send(string path, string format = "application/x-ndjson")
    {
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(format);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/submissions") { Content = content };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (string)JsonNode.Parse(text)!["id"]!
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    public async Task<JsonNode> Submission(string id) =>
        JsonNode.Parse(await http.GetStringAsync($"v1/submissions/{id}"))!;

    /// <summary>Waits until a submission has ended and gives how many of its rows came to what.</summary>
    public async Task<JsonNode> End(string id, Func<JsonNode, Task>? onLook = null)
    {
        while (true)
        {
            var submission = await Submission(id);
            if (onLook is not null)
                await onLook(submission);
            if ((string)submission["state"]! is "completed" or "failed" or "cancelled")
                return submission;
            await Task.Delay(200);
        }
    }

    public async Task Cancel(string id)
    {
        using var answer = await http.PostAsync($"v1/submissions/{id}/cancel", null);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();
}
