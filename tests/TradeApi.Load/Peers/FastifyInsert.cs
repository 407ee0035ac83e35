using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Dapper;
using Npgsql;
using TradeApi.Load.Running;

namespace TradeApi.Load.Peers;

/// <summary>
/// A hand-written service of Fastify and <c>pg</c> that stores notices without any rule (<c>insert.js</c>). Its packages are
/// installed by name into a folder that goes with it.
/// </summary>
sealed class FastifyInsert : IAsyncDisposable
{
    const string Database = "peer";

    static readonly string[] Packages = ["fastify@5.12.8", "pg@8.23.1"];

    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("tradeapi-load-peer-");
    Process? process;

    public int Port { get; } = PostgresServer.FreePort();

    public static async Task<FastifyInsert> Start(PostgresServer server)
    {
        var peer = new FastifyInsert();
        var folder = peer.directory.FullName;
        await Processes.Run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", .. Packages]);
        var script = Path.Combine(folder, "insert.js");
        File.Copy(Path.Combine(Checkout.Root, "tests", "TradeApi.Load", "Peers", "insert.js"), script);
        await using (var admin = new NpgsqlConnection(server.ConnectionString))
        {
            await admin.ExecuteAsync($"drop database if exists {Database} with (force)");
            await admin.ExecuteAsync($"create database {Database}");
        }
        peer.process = Processes
            .Start(
                "node",
                [script],
                start =>
                {
                    start.Environment["NODE_ENV"] = "production";
                    start.Environment["PORT"] = peer.Port.ToString(CultureInfo.InvariantCulture);
                    start.Environment["POSTGRES_PORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
                    start.Environment["POSTGRES_DATABASE"] = Database;
                }
            )
            .Unread();
        await peer.Listening();
        return peer;
    }

    async Task Listening()
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60); )
        {
            if (process!.HasExited)
                throw new InvalidOperationException($"The peer ended at once with {process.ExitCode}.");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }
        throw new TimeoutException("The peer did not listen within a minute.");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        directory.Delete(recursive: true);
    }
}
