using System.Diagnostics;
using System.Globalization;
using Dapper;
using TradeApi.Database;

namespace TradeApi.Tests.Faults;

/// <summary>An import that is killed in the middle, and one of a whole country's size.</summary>
public class KilledImport(ITestOutputHelper output)
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Run_again_after_kill_9_it_loses_and_doubles_nothing(string database)
    {
        const int Vehicles = 60_000;
        await using var host = await HostProcess.Prepare(database);
        await host.Run("migrate");
        await using var stores = host.OpenStores();
        var file = await MadeUpRegister.Write(await host.Write("register.csv", ""), Vehicles);

        var before = 0L;
        for (var kills = 0; kills < 2; kills++)
        {
            before = await Kill(host, stores.Sandbox, file, atLeast: before + 1);
            Assert.True(before < Vehicles, "The import was faster than the test could kill it; it needs more rows.");
        }

        var (exitCode, printed, _) = await host.RunApart("import", "register", file);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            $"{Vehicles} read = {Vehicles - before} loaded + {before} unchanged + 0 changed + 0 refused\n",
            printed
        );
        Assert.Equal(0, (await host.Run("verify")).ExitCode);
        await AssertWhole(stores.Sandbox, Vehicles);
    }

    /// <summary>
    /// Made for measuring, and too long for every run:
    /// <c>dotnet run -c Release --project tests/TradeApi.Tests -- -explicit only -class TradeApi.Tests.Faults.KilledImport</c>.
    /// </summary>
    [Theory(Explicit = true)]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_million_vehicles_go_in_in_less_than_300_megabytes_and_a_kill_loses_nothing(string database)
    {
        const int Vehicles = 1_000_000;
        await using var host = await HostProcess.Prepare(database);
        await host.Run("migrate");
        await using var stores = host.OpenStores();
        var file = await MadeUpRegister.Write(await host.Write("register.csv", ""), Vehicles);

        await Measure("first import", host, file);
        await AssertWhole(stores.Sandbox, Vehicles);
        await Measure("the same file again", host, file);
        await Clear(stores.Sandbox, "vehicle");
        var before = await Kill(host, stores.Sandbox, file, atLeast: Vehicles / 2);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{database}: killed at {before:N0} vehicles"));
        await Measure("gone on with after the kill", host, file);
        await AssertWhole(stores.Sandbox, Vehicles);

        async Task Measure(string what, HostProcess process, string path)
        {
            var clock = Stopwatch.StartNew();
            var (exitCode, printed, peak) = await process.RunMeasured("import", "register", path);
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{database}: {what}: {clock.Elapsed.TotalSeconds:F0} s, {Vehicles / clock.Elapsed.TotalSeconds:N0} rows a second, peak memory {peak} MB; {printed.Trim()}"
                )
            );
            Assert.Equal(0, exitCode);
            Assert.True(peak < 300, $"The import took {peak} MB.");
        }
    }

    /// <summary>Kills an import when there are so many vehicles; answers how many there are then.</summary>
    static async Task<long> Kill(HostProcess host, Store register, string file, long atLeast)
    {
        using var import = host.Start("import", "register", file);
        while (!import.HasExited && await Count(register, "vehicle") < atLeast)
            await Task.Delay(5);
        import.Kill();
        await import.WaitForExitAsync();
        return await Count(register, "vehicle");
    }

    static async Task AssertWhole(Store register, int vehicles)
    {
        Assert.Equal(vehicles, await Count(register, "vehicle"));
        Assert.Equal(vehicles - (vehicles / 8), await Count(register, "keepership"));
    }

    static async Task<long> Count(Store store, string table)
    {
        await using var connection = await store.Open();
        return await connection.ExecuteScalarAsync<long>($"select count(*) from {table}");
    }

    static async Task Clear(Store store, string table)
    {
        await using var transaction = await store.Begin();
        await transaction.Connection.ExecuteAsync(
            $"delete from {table}",
            transaction: transaction.Inner,
            commandTimeout: 600
        );
        await transaction.Commit();
    }
}
