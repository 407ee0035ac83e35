using System.Data.Common;
using TradeApi.Database;

namespace TradeApi.Http;

/// <summary>
/// Whether this node is to be sent calls. When it is asked to end, it first goes on answering for a while, saying at
/// <c>/health</c> and in each answer that it leaves: so whoever spreads calls over nodes has turned to another one before
/// connections are refused here, and no call is cut off on its way in.
/// </summary>
sealed class Readiness(Settings settings, Stores stores, TimeProvider clock) : IHostedLifecycleService
{
    // Who asks does so each second or so. A database that says nothing is no better than one that is away.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    volatile bool isLeaving;

    public bool IsLeaving => isLeaving;

    public async Task<bool> IsReady()
    {
        if (isLeaving)
            return false;
        try
        {
            // Whoever does not answer is asked no longer, but to end that takes the driver a while.
            using var patience = new CancellationTokenSource(Patience, clock);
            await Task.WhenAll(stores.All.Select(store => Ask(store, patience.Token))).WaitAsync(patience.Token);
            return true;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    static async Task Ask(Store store, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "select 1";
        await command.ExecuteScalarAsync(cancel);
    }

    // The host calls this before it stops anything, the listener among it.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isLeaving = true;
        await Task.Delay(settings.Leave, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

static class ReadinessExtensions
{
    public static void UseReadiness(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.Use(
            (context, next) =>
            {
                // A connection that is kept for a next call could be closed while that call is under way.
                if (readiness.IsLeaving && HttpProtocol.IsHttp11(context.Request.Protocol))
                    context.Response.OnStarting(() =>
                    {
                        context.Response.Headers.Connection = "close";
                        return Task.CompletedTask;
                    });
                return next(context);
            }
        );
    }

    /// <summary>Says whether this node answers; says nothing else, since anybody may ask.</summary>
    public static void MapHealth(this WebApplication app) =>
        app.MapGet(
                "/health",
                async (Readiness readiness) =>
                    await readiness.IsReady()
                        ? Results.Text("ready")
                        : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable)
            )
            .ExcludeFromDescription();
}
