using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using TradeApi.Client;

namespace Quickstart;

/// <summary>The host could not be run, or ended early.</summary>
sealed class HostFailedException(string message) : Exception(message);

/// <summary>
/// The TradeApi host as a program of its own, on a free port of this machine and a temporary data directory. Both are
/// gone when this is disposed.
/// </summary>
sealed class SampleHost : IAsyncDisposable
{
    static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("tradeapi-quickstart-");
    readonly List<string> log = [];
    Process? serving;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}/");

    /// <summary>Runs a command of the host to its end and gives what it printed.</summary>
    public async Task<string> Command(params string[] arguments)
    {
        using var process = Run(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new HostFailedException($"'{string.Join(' ', arguments)}' failed: {await errors}{output}");
    }

    /// <summary>Adds a piece of software to an organisation. Its secret is shown this once.</summary>
    public async Task<ClientCredentials> AddClient(string organisation)
    {
        using var added = JsonDocument.Parse(await Command("client", "add", organisation));
        return ClientCredentials.FromSecret(
            added.RootElement.GetProperty("clientId").GetString()!,
            added.RootElement.GetProperty("clientSecret").GetString()!
        );
    }

    /// <summary>Starts to serve, and waits until it does.</summary>
    public async Task Start(CancellationToken cancel)
    {
        serving = Run([]);
        // What it writes must be read, or it would wait for a reader.
        serving.OutputDataReceived += (_, line) => Keep(line.Data);
        serving.ErrorDataReceived += (_, line) => Keep(line.Data);
        serving.BeginOutputReadLine();
        serving.BeginErrorReadLine();

        using var http = new HttpClient();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartsWithin && !serving.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(
                    new Uri(Address, ".well-known/oauth-authorization-server"),
                    cancel
                );
                if (answer.IsSuccessStatusCode && !serving.HasExited)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100, cancel);
        }
        lock (log)
            throw new HostFailedException("the host did not start:\n" + string.Join('\n', log));
    }

    public async ValueTask DisposeAsync()
    {
        if (serving is not null)
        {
            if (!serving.HasExited)
                serving.Kill(entireProcessTree: true);
            await serving.WaitForExitAsync();
            serving.Dispose();
        }
        directory.Delete(recursive: true);
    }

    Process Run(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = directory.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { HostProgram() },
            // Set whatever this shell may have set otherwise for another host.
            Environment =
            {
                ["ASPNETCORE_URLS"] = Address.AbsoluteUri,
                ["TradeApi__Issuer"] = Address.AbsoluteUri,
                ["TradeApi__Database"] = "sqlite",
                ["TradeApi__DataDirectory"] = Path.Combine(directory.FullName, "data"),
            },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new HostFailedException("dotnet could not be started");
    }

    static string HostProgram()
    {
        var program = typeof(SampleHost)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "HostProgram")
            .Value!;
        return File.Exists(program)
            ? program
            : throw new HostFailedException($"{program} is not there. Build it: dotnet build src/TradeApi");
    }

    void Keep(string? line)
    {
        if (line is not null)
            lock (log)
                log.Add(line);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
