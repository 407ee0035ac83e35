using System.Diagnostics;
using TradeApi.Load.Results;

namespace TradeApi.Load.Running;

/// <summary>Looks at the memory of a host each second until it is asked what it saw.</summary>
sealed class MemoryCurve : IDisposable
{
    const int MostPoints = 60;

    readonly Host host;
    readonly List<CurvePoint> points = [];
    readonly CancellationTokenSource ending = new();
    readonly Task looking;

    MemoryCurve(Host host)
    {
        this.host = host;
        looking = Look();
    }

    public static MemoryCurve Of(Host host) => new(host);

    /// <summary>What it saw, thinned to sixty points: of each stretch the highest.</summary>
    public async Task<Curve> End()
    {
        await ending.CancelAsync();
        await looking;
        var stretch = (points.Count + MostPoints - 1) / MostPoints;
        return new Curve(
            "Memory of the host",
            "MiB",
            [.. points.Chunk(Math.Max(1, stretch)).Select(some => some.MaxBy(point => point.Value)!)]
        );
    }

    public void Dispose() => ending.Dispose();

    async Task Look()
    {
        var clock = Stopwatch.StartNew();
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do points.Add(new CurvePoint(Math.Round(clock.Elapsed.TotalSeconds, 1), Math.Round(host.Mebibytes, 1)));
            while (await second.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException) { }
    }
}
