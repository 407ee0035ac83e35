using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using TradeApi.Load.Register;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>A file of notices by HTTP, from its first byte to the last decided row.</summary>
static class BulkBench
{
    public static Command Command()
    {
        var database = new Option<string>("--database") { DefaultValueFactory = _ => "postgres" };
        var vehicles = new Option<long>("--vehicles") { DefaultValueFactory = _ => 5_000_000 };
        var rows = new Option<long>("--rows") { DefaultValueFactory = _ => 1_000_000 };
        var data = new Option<string?>("--data")
        {
            Description = "A folder in which the server and its register are kept for further runs.",
        };
        var command = new Command("bulk", "A file of notices by HTTP.") { database, vehicles, rows, data };
        command.SetAction(
            (arguments, _) =>
                Run(
                    arguments.GetRequiredValue(database),
                    arguments.GetValue(vehicles),
                    arguments.GetValue(rows),
                    arguments.GetValue(data)
                )
        );
        return command;
    }

    static async Task<int> Run(string database, long vehicles, long rows, string? data)
    {
        await using var server = database == "postgres" ? await PostgresServer.Start(data) : null;
        var directory = Directory.CreateTempSubdirectory("tradeapi-load-").FullName;
        var name = $"register_{vehicles}";
        if (server is not null)
        {
            await Prepare(server, name, vehicles);
            await using var admin = new NpgsqlConnection(server.ConnectionString);
            await admin.ExecuteAsync("drop database if exists run with (force)");
            await admin.ExecuteAsync($"create database run template {name} strategy file_copy", commandTimeout: 3600);
        }
        await using var host = server is null
            ? Host.OnSqlite(directory)
            : Host.OnPostgres($"{server.ConnectionString};Database=run");
        if (server is null)
        {
            await host.Run("migrate");
            await File.WriteAllTextAsync(Path.Combine(directory, "organisations.json"), MadeUp.Organisations);
            await host.Run("import", "organisations", Path.Combine(directory, "organisations.json"));
            MadeUpRegister.FillSqlite(Path.Combine(directory, "sandbox.db"), vehicles);
        }
        Console.WriteLine("prepared");
        await host.Serve();
        using var partner = await host.Partner(await host.AddClient(MadeUp.Trader));
        var warm = Path.Combine(directory, "warm.ndjson");
        var file = Path.Combine(directory, "file.ndjson");
        Write(warm, rows, 20_000, vehicles);
        Write(file, 0, rows, vehicles);
        await partner.End(await partner.Send(warm));

        var cpu = host.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var id = await partner.Send(file);
        var uploaded = clock.Elapsed;
        var cpuUp = host.ProcessorTime - cpu;
        var end = await partner.End(id, _ => Task.Delay(500));
        var elapsed = clock.Elapsed;
        cpu = host.ProcessorTime - cpu;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{database} {vehicles} vehicles {rows} rows: uploaded {uploaded.TotalSeconds:F1} s (cpu {cpuUp.TotalSeconds:F1}), all {elapsed.TotalSeconds:F1} s, {rows / elapsed.TotalSeconds:F0} rows/s, decide {rows / (elapsed - uploaded).TotalSeconds:F0} rows/s; host cpu {cpu.TotalSeconds:F1} s, {cpu.TotalMicroseconds / rows:F0} us/row; peak {host.PeakMebibytes:F0} MiB; {end["rows"]!.ToJsonString()}"
            )
        );
        await host.Kill();
        var verify = Stopwatch.StartNew();
        Console.WriteLine((await host.Run("verify")).Trim() + $" in {verify.Elapsed.TotalSeconds:F0} s");
        Directory.Delete(directory, recursive: true);
        return 0;
    }

    static async Task Prepare(PostgresServer server, string name, long vehicles)
    {
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        if (await admin.ExecuteScalarAsync<bool>($"select exists (select 1 from pg_database where datname = '{name}')"))
            return;
        await admin.ExecuteAsync($"create database filling");
        var connection = $"{server.ConnectionString};Database=filling";
        await using var host = Host.OnPostgres(connection);
        await host.Run("migrate");
        var organisations = Path.GetTempFileName();
        await File.WriteAllTextAsync(organisations, MadeUp.Organisations);
        await host.Run("import", "organisations", organisations);
        File.Delete(organisations);
        var clock = Stopwatch.StartNew();
        await MadeUpRegister.FillPostgres(connection, vehicles);
        Console.WriteLine($"{vehicles} vehicles in {clock.Elapsed.TotalSeconds:F0} s");
        NpgsqlConnection.ClearAllPools();
        await admin.ExecuteAsync($"alter database filling rename to {name}");
    }

    static void Write(string path, long first, long rows, long vehicles)
    {
        var today = TradeApi.Rules.Values.LondonDate.Of(TimeProvider.System.GetUtcNow());
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        var text = new StringBuilder();
        for (var row = first; row < first + rows; row++)
        {
            text.Clear();
            MadeUp.WriteNotice(text, row, vehicles, today, "LOAD");
            file.Write(text.Append('\n'));
        }
    }
}
