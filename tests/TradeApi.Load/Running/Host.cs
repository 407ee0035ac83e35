using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using TradeApi.Database;

namespace TradeApi.Load.Running;

/// <summary>
/// The program as an operator runs it, in a process of its own on a private port: so that it can be measured from
/// outside, killed, and run more than once over one database.
/// </summary>
sealed class Host : IAsyncDisposable
{
    readonly Dictionary<string, string> settings;
    Process? server;

    /// <param name="settings">Environment variables: the database and whatever else an operator sets.</param>
    public Host(IReadOnlyDictionary<string, string> settings)
    {
        Port = PostgresServer.FreePort();
        this.settings = new(settings, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = Address.ToString(),
            // As the operators' guide recommends.
            ["DOTNET_GCgen0size"] = "0x2000000",
        };
    }

    public static Host OnPostgres(string connectionString) => new(PostgresSettings(connectionString));

    public static Dictionary<string, string> PostgresSettings(string connectionString) =>
        new(StringComparer.Ordinal)
        {
            ["TradeApi__Database"] = "postgres",
            ["ConnectionStrings__TradeApi"] = connectionString,
        };

    public static Host OnSqlite(string directory) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { ["TradeApi__DataDirectory"] = directory });

    /// <summary>What is run in its place: a program to compare it with, which takes the same settings.</summary>
    public string[] ServedBy { get; init; } = [Program];

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public int ProcessId => server!.Id;

    public bool IsRunning => server is { HasExited: false };

    /// <summary>The most memory that it has had, in mebibytes.</summary>
    public double PeakMebibytes => Processes.Kibibytes(ProcessId, "VmHWM") / 1024.0;

    /// <summary>The memory that it has now, in mebibytes.</summary>
    public double Mebibytes => Processes.Kibibytes(ProcessId, "VmRSS") / 1024.0;

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            server!.Refresh();
            return server.TotalProcessorTime;
        }
    }

    /// <summary>Runs a command of the program to its end and gives what it printed.</summary>
    public Task<string> Run(params string[] arguments) => Processes.Run("dotnet", [Program, .. arguments], Adjust);

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task Serve()
    {
        // A write past a limit on the size of files is to fail like one on a full disk, and not to end the process.
        server = Processes.Start("sh", ["-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh", .. ServedBy], Adjust).Unread();
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(3); )
        {
            if (server.HasExited)
                throw new InvalidOperationException($"The host ended at once with {server.ExitCode}.");
            try
            {
                using var answer = await http.GetAsync("health");
                // A program to compare with may have no such address.
                if (answer.IsSuccessStatusCode || ServedBy[0] != Program)
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException) { }
            await Task.Delay(50);
        }
        throw new TimeoutException("The host did not answer within three minutes.");
    }

    /// <summary>The data that it works on, past the program.</summary>
    public Stores OpenStores()
    {
        Types.Register();
        // As the program reads its environment.
        var read = settings.Select(setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":"), (string?)setting.Value)
        );
        return Stores.From(Settings.From(new ConfigurationBuilder().AddInMemoryCollection(read).Build()));
    }

    /// <summary>kill -9: nothing is flushed, nothing is said.</summary>
    public async Task Kill()
    {
        if (server is null)
            return;
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        server = null;
    }

    /// <summary>Asks it to end, as an operator does, and waits until it has.</summary>
    public async Task<TimeSpan> Terminate()
    {
        var clock = Stopwatch.StartNew();
        await Processes.Run("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await server!.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        server.Dispose();
        server = null;
        return clock.Elapsed;
    }

    /// <summary>Adds a client of an organisation and gives what it authenticates with.</summary>
    public async Task<Credentials> AddClient(string organisation)
    {
        var added = JsonNode.Parse(await Run("client", "add", organisation))!;
        return new Credentials((string)added["clientId"]!, (string)added["clientSecret"]!);
    }

    /// <summary>A client of an organisation with a token.</summary>
    public async Task<Partner> Partner(Credentials credentials)
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(credentials));
        return new Partner(http);
    }

    public async Task<string> Token(Credentials credentials)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var form = new FormUrlEncodedContent(credentials.Form);
        using var answer = await http.PostAsync("oauth2/token", form);
        answer.EnsureSuccessStatusCode();
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
    }

    public async ValueTask DisposeAsync() => await Kill();

    void Adjust(ProcessStartInfo start)
    {
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
    }

    // The same configuration as this program: a benchmark of the debug build would be worth nothing.
    static string Program
    {
        get
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;
            return Path.Combine(Checkout.Root, "src", "TradeApi", "bin", configuration, "net10.0", "TradeApi.dll");
        }
    }
}

sealed record Credentials(string ClientId, string Secret)
{
    public Dictionary<string, string> Form =>
        new(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = ClientId,
            ["client_secret"] = Secret,
        };
}
