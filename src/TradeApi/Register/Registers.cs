using System.Threading.Channels;
using TradeApi.Database;

namespace TradeApi.Register;

/// <summary>The two registers. The credential says which one a call belongs to; nothing after that asks again.</summary>
sealed class Registers(Stores stores, TimeProvider clock, ILogger<Registers> log) : IHostedService
{
    readonly RegisterQueue sandbox = new(
        new VehicleRegister("sandbox", stores.Sandbox, stores.Control, clock, log),
        log
    );
    readonly RegisterQueue live = new(new VehicleRegister("live", stores.Live, stores.Control, clock, log), log);

    public IReadOnlyList<VehicleRegister> All => [sandbox.Register, live.Register];

    public VehicleRegister Of(string environment) => Queue(environment).Register;

    public RegisterQueue Queue(string environment) => environment == "live" ? live : sandbox;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What has been taken is decided and answered before the process ends.
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(sandbox.Drain(), live.Drain());
}

/// <summary>
/// Group commit: notices sent singly wait for the commit that runs, then ride the next one together, so that a durable
/// answer costs a share of a commit. There is no timer: whoever comes alone goes straight through.
/// </summary>
sealed class RegisterQueue
{
    const int MostTogether = 256;

    readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(10_000) { SingleReader = true }
    );
    readonly ILogger log;
    readonly Task run;

    public RegisterQueue(VehicleRegister register, ILogger log)
    {
        Register = register;
        this.log = log;
        run = Task.Run(Run);
    }

    public VehicleRegister Register { get; }

    /// <summary>Decides and records one notice; answers after the commit. The caller going away does not call it off.</summary>
    public async Task<Answer> Post(Notice notice, CancellationToken cancel)
    {
        var own = new Waiting(notice);
        await waiting.Writer.WriteAsync(own, cancel);
        return await own.Answered.Task;
    }

    public Task Drain()
    {
        waiting.Writer.TryComplete();
        return run;
    }

    async Task Run()
    {
        var together = new List<Waiting>(MostTogether);
        while (await waiting.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MostTogether && waiting.Reader.TryRead(out var next))
                together.Add(next);
            await Apply(together);
        }
    }

    async Task Apply(List<Waiting> together)
    {
        try
        {
            var answers = await Register.Apply(together.ConvertAll(own => own.Notice));
            for (var i = 0; i < together.Count; i++)
                together[i].Answered.SetResult(answers[i]);
        }
        catch (Exception exception) when (together.Count > 1)
        {
            // One notice must not take others down with it: each goes on its own.
            log.LogWarning(exception, "A group of {Count} notices failed; each is tried alone", together.Count);
            foreach (var own in together)
                await Apply([own]);
        }
        catch (Exception exception)
        {
            together[0].Answered.SetException(exception);
        }
    }

    sealed record Waiting(Notice Notice)
    {
        // The answer goes on elsewhere; here the next group waits.
        public TaskCompletionSource<Answer> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
