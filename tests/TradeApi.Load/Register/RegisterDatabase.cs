using System.Diagnostics;
using Dapper;
using Npgsql;
using TradeApi.Load.Running;

namespace TradeApi.Load.Register;

/// <summary>Databases with a filled register, made once on a server and copied for each run.</summary>
static class RegisterDatabase
{
    /// <summary>A fresh copy of the register with that many vehicles; answers what a program connects with.</summary>
    public static async Task<string> Copy(PostgresServer server, long vehicles)
    {
        var name = $"register_{vehicles}";
        await Prepare(server, name, vehicles);
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        await admin.ExecuteAsync("drop database if exists run with (force)");
        await admin.ExecuteAsync($"create database run template {name} strategy file_copy", commandTimeout: 3600);
        return $"{server.ConnectionString};Database=run";
    }

    static async Task Prepare(PostgresServer server, string name, long vehicles)
    {
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        if (await admin.ExecuteScalarAsync<bool>($"select exists (select 1 from pg_database where datname = '{name}')"))
            return;
        // Filled under another name: what bears the right one is whole.
        await admin.ExecuteAsync("drop database if exists filling with (force)");
        await admin.ExecuteAsync("create database filling");
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
}
