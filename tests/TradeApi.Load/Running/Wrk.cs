using System.Globalization;
using System.Text.Json;
using TradeApi.Load.Results;

namespace TradeApi.Load.Running;

/// <summary>What came of posting for some seconds: a rate, and times in milliseconds.</summary>
sealed record Posted(double Requests, double Seconds, double Failed, double P50, double P99)
{
    public double PerSecond => Requests / Seconds;
}

/// <summary>What is posted: one body over and over, or each line of a file, once or again and again.</summary>
sealed record Bodies(string ContentType, string? Body = null, string? File = null, bool Again = false)
{
    public string? Token { get; init; }

    /// <summary>Where each request needs a key of its own: what the keys begin with.</summary>
    public string? Keys { get; init; }
}

/// <summary>The load generator of Debian's package <c>wrk</c>, with one thread: the servers need the cores more.</summary>
static class Wrk
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task Install()
    {
        if (File.Exists("/usr/bin/wrk"))
            return;
        // A machine that has just been made has no list of packages.
        await Processes.Run("apt-get", ["update", "-qq"]);
        await Processes.Run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "wrk"]);
    }

    /// <exception cref="InvalidOperationException">More than one request in a thousand failed.</exception>
    public static async Task<Posted> Post(Uri address, int connections, int seconds, Bodies bodies)
    {
        var printed = await Processes.Run(
            "wrk",
            [
                "-t1",
                string.Create(CultureInfo.InvariantCulture, $"-c{connections}"),
                string.Create(CultureInfo.InvariantCulture, $"-d{seconds}"),
                "--timeout",
                "30s",
                "-s",
                Path.Combine(Report.Folder, "Peers", "post.lua"),
                address.AbsoluteUri,
            ],
            start =>
            {
                start.Environment["CONTENT_TYPE"] = bodies.ContentType;
                Set("BODY", bodies.Body);
                Set("BODIES", bodies.File);
                Set("AGAIN", bodies.Again ? "yes" : null);
                Set("KEYS", bodies.Keys);
                Set("AUTHORIZATION", bodies.Token is null ? null : "Bearer " + bodies.Token);

                void Set(string name, string? value)
                {
                    if (value is not null)
                        start.Environment[name] = value;
                }
            }
        );
        var line = printed.Split('\n').Last(line => line.StartsWith('{'));
        var posted = JsonSerializer.Deserialize<Posted>(line, Json)!;
        return posted.Failed * 1000 <= posted.Requests && posted.Requests > 0
            ? posted
            : throw new InvalidOperationException($"Of {posted.Requests} posts to {address} {posted.Failed} failed.");
    }
}
