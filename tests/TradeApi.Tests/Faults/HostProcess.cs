using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using TradeApi.Database;

namespace TradeApi.Tests.Faults;

/// <summary>
/// The program as an operator runs it: `dotnet TradeApi.dll` in a process of its own, so that it can be killed and
/// its memory be measured.
/// </summary>
sealed class HostProcess : IAsyncDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("tradeapi-process-").FullName;
    readonly string? database;
    readonly int port = FreePort();
    Process? server;

    HostProcess(string? database) => this.database = database;

    public int ProcessId => server!.Id;

    public static async Task<HostProcess> Prepare(string databaseKind)
    {
        if (databaseKind == "sqlite")
            return new HostProcess(null);
        Assert.SkipWhen(
            TradeApiHost.PostgresServer is null,
            "No PostgreSQL: tests/run starts one and says where it is."
        );
        var name = "process_" + Guid.CreateVersion7().ToString("N");
        await using var connection = new NpgsqlConnection(TradeApiHost.PostgresServer);
        await connection.ExecuteAsync($"create database {name}");
        return new HostProcess(name);
    }

    /// <summary>Runs a command to its end; gives its exit code and what it printed.</summary>
    public async Task<(int ExitCode, string Output)> Run(params string[] arguments)
    {
        var (exitCode, output, errors) = await RunApart(arguments);
        return (exitCode, output + errors);
    }

    /// <summary>Runs a command to its end; gives its exit code, what it printed and, apart from that, its errors.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunApart(params string[] arguments)
    {
        using var process = StartProcess(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a long command to its end; gives its exit code, what it printed and the most memory it had, in megabytes.</summary>
    public async Task<(int ExitCode, string Output, int PeakMegabytes)> RunMeasured(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0;
        while (!process.HasExited)
        {
            // It may end between the question and the answer.
            try
            {
                peak = Math.Max(peak, Peak(process.Id));
            }
            catch (IOException) { }
            await Task.Delay(200);
        }
        return (process.ExitCode, await output, peak);
    }

    /// <summary>Starts a command, for a test that does not wait for its end. Its errors are passed over.</summary>
    public Process Start(params string[] arguments)
    {
        var process = StartProcess(arguments);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The data that the process works on, to look at and to plant defects in.</summary>
    public Stores OpenStores()
    {
        Types.Register();
        Store Open(string name) =>
            database is null
                ? Store.OnSqlite(name, Path.Combine(directory, "data"))
                : Store.OnPostgres(name, $"{TradeApiHost.PostgresServer};Database={database}");
        return new Stores(Open("control"), Open("sandbox"), Open("live"));
    }

    /// <summary>Writes a file beside the data and gives its path.</summary>
    public async Task<string> Write(string name, string content)
    {
        var path = Path.Combine(directory, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    public async Task Serve()
    {
        server = StartProcess([]);
        // Unread pipes fill up and stop the process that writes to them.
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = Address };
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(".well-known/oauth-authorization-server");
                if (answer.IsSuccessStatusCode && !server.HasExited)
                    return;
            }
            catch (HttpRequestException) when (tries < 200) { }
            Assert.False(server.HasExited, "The host ended at once.");
            await Task.Delay(100);
        }
    }

    /// <summary>kill -9: nothing is flushed, nothing is said.</summary>
    public async Task Kill()
    {
        server!.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        server = null;
    }

    public async Task<Partner> Partner(string organisation)
    {
        var (exitCode, output) = await Run("client", "add", organisation);
        Assert.True(exitCode == 0, output);
        var added = JsonNode.Parse(output)!;
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(3) };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = (string)added["clientId"]!,
                ["client_secret"] = (string)added["clientSecret"]!,
            }
        );
        using var answer = await http.PostAsync("oauth2/token", form);
        var token = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (string)token["access_token"]!
        );
        return new Partner(http, organisation, (string)added["clientId"]!);
    }

    /// <summary>The most memory that the process has had so far, in megabytes.</summary>
    public int PeakMegabytes() => Peak(ProcessId);

    // A process that is just ending has no memory any more, and no such line.
    static int Peak(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status")
            .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null
            ? 0
            : int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await Kill();
        Directory.Delete(directory, recursive: true);
        if (database is null)
            return;
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(TradeApiHost.PostgresServer);
        await connection.ExecuteAsync($"drop database {database} with (force)");
    }

    Uri Address => new($"http://127.0.0.1:{port}/");

    Process StartProcess(string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;
        var program = Path.Combine(TestData.Root, "src", "TradeApi", "bin", configuration, "net10.0", "TradeApi.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.Environment["TradeApi__DataDirectory"] = Path.Combine(directory, "data");
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        if (database is not null)
        {
            start.Environment["TradeApi__Database"] = "postgres";
            start.Environment["ConnectionStrings__TradeApi"] = $"{TradeApiHost.PostgresServer};Database={database}";
        }
        return Process.Start(start)!;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
