using TradeApi.Load.Register;

namespace TradeApi.Load.Baselines;

/// <summary>What the database can do with the rows of a file when nothing stands before it, round by round.</summary>
sealed class DatabaseAlone : IAsyncDisposable
{
    const int WarmUpRounds = 2;

    // So few that a small register has vehicles for ten rounds of them.
    readonly int rows;
    readonly HandWrittenApply apply;
    readonly BinaryCopy copy;

    DatabaseAlone(LoadedRegister register)
    {
        apply = new HandWrittenApply(register.ConnectionString, register.Vehicles);
        rows = (int)Math.Min(100_000, register.Vehicles / 10 / HandWrittenApply.BatchRows * HandWrittenApply.BatchRows);
        copy = new BinaryCopy(register.ConnectionString, register.Vehicles);
    }

    /// <summary>Rows a second, a value for each round.</summary>
    public List<double> ByHand { get; } = [];

    public List<double> Copied { get; } = [];

    /// <summary>Makes and warms its tables.</summary>
    public static async Task<DatabaseAlone> Begin(LoadedRegister register)
    {
        var alone = new DatabaseAlone(register);
        await alone.apply.Fill();
        await alone.copy.Begin();
        await alone.Measure(WarmUpRounds);
        alone.ByHand.Clear();
        alone.Copied.Clear();
        return alone;
    }

    public async Task Measure(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            ByHand.Add(await apply.Apply(rows));
            Copied.Add(await copy.Copy(rows));
        }
    }

    public ValueTask DisposeAsync() => apply.DisposeAsync();
}
