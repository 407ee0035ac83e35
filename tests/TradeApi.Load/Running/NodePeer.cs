using System.Diagnostics;
using System.Globalization;
using TradeApi.Load.Results;

namespace TradeApi.Load.Running;

/// <summary>
/// A server in JavaScript that stands beside the program: a script of <c>Peers/</c> with packages from npm, installed by
/// name into a folder that is no part of the project.
/// </summary>
sealed class NodePeer : IAsyncDisposable
{
    readonly string folder;
    readonly bool keep;
    Process? server;

    NodePeer(string folder, bool keep) => (this.folder, this.keep) = (folder, keep);

    public int Port { get; } = PostgresServer.FreePort();

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public double PeakMebibytes => Processes.Kibibytes(server!.Id, "VmHWM") / 1024.0;

    /// <param name="keptIn">A folder in which it stays installed for further runs.</param>
    /// <exception cref="InvalidOperationException">It cannot be installed here, or not in ten minutes.</exception>
    public static async Task<NodePeer> Install(string name, string? keptIn, params string[] packages)
    {
        var into = keptIn is null
            ? Leftovers.Folder($"tradeapi-load-{name}-")
            : Directory.CreateDirectory(Path.Combine(keptIn, "peers", name)).FullName;
        var peer = new NodePeer(into, keptIn is not null);
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(into, "package.json"),
                """{ "private": true, "type": "module" }"""
            );
            await Processes.Run(
                "timeout",
                [
                    "600",
                    "npm",
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--no-save",
                    "--loglevel=error",
                    "--prefix",
                    into,
                    .. packages,
                ]
            );
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a script of <c>Peers/</c> and waits until it answers, whatever it answers.</summary>
    public Task Serve(string script, IReadOnlyDictionary<string, string> settings)
    {
        var copy = Path.Combine(folder, script);
        File.Copy(Path.Combine(Report.Folder, "Peers", script), copy, overwrite: true);
        return Serve([copy], settings);
    }

    /// <summary>Starts a program of one of its packages.</summary>
    public async Task Serve(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        server = Processes.Start("node", arguments, start => Adjust(start, settings)).Unread();
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(3); await Task.Delay(100))
        {
            if (server.HasExited)
                throw new InvalidOperationException(
                    $"The peer in {Path.GetFileName(folder)} ended with {server.ExitCode}."
                );
            try
            {
                using var answer = await http.GetAsync("");
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException) { }
        }
        throw new TimeoutException("The peer did not answer within three minutes.");
    }

    /// <summary>Runs a program of one of its packages to its end.</summary>
    public Task Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings) =>
        Processes.Run("node", arguments, start => Adjust(start, settings));

    public string Package(params string[] path) => Path.Combine([folder, "node_modules", .. path]);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }
        if (!keep)
            Directory.Delete(folder, recursive: true);
    }

    void Adjust(ProcessStartInfo start, IReadOnlyDictionary<string, string> settings)
    {
        start.WorkingDirectory = folder;
        start.Environment["NODE_ENV"] = "production";
        start.Environment["HOST"] = "127.0.0.1";
        start.Environment["PORT"] = Port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
    }
}
