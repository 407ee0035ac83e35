using System.Text;
using TradeApi.Load.Register;
using TradeApi.Rules.Values;

namespace TradeApi.Load.Senders;

/// <summary>
/// The load under which things fail: some senders of single notices, each of which sends its next one when the last is
/// answered, and files of some thousand rows now and then. Each vehicle is named once.
/// </summary>
/// <param name="vehicles">How many the register has.</param>
/// <param name="from">The first row of those that it may send.</param>
/// <param name="to">The row after the last of them.</param>
sealed class Traffic(Sender sender, Journal journal, long vehicles, long from, long to, Random random) : IDisposable
{
    // An upload that was cut off is waited for; more of them at once would leave no room for the notices.
    readonly SemaphoreSlim uploads = new(3, 3);
    readonly CancellationTokenSource stopping = new();
    readonly List<Task> loops = [];
    readonly List<Task> files = [];
    readonly DateOnly today = LondonDate.Of(TimeProvider.System.GetUtcNow());
    long taken = from;
    bool isUsedUp;

    /// <summary>Begins, and waits for the first answer.</summary>
    public async Task Start(int senders, TimeSpan? betweenFiles = null)
    {
        var before = journal.Acknowledged;
        for (var at = 0; at < senders; at++)
            loops.Add(Task.Run(SendNotices));
        if (betweenFiles is { } between)
            loops.Add(Task.Run(() => SendFiles(between)));
        await journal.NextAnswer(before, "the start");
    }

    /// <summary>Begins no further calls, and waits until the outcome of each is known.</summary>
    public async Task Stop()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(loops);
        await Task.WhenAll(files);
    }

    public void Dispose()
    {
        stopping.Dispose();
        uploads.Dispose();
    }

    async Task SendNotices()
    {
        while (!stopping.IsCancellationRequested && Take(1) is { } row)
            await sender.Deliver(journal.Begin(isFile: false, row, 1), Body(row, 1));
    }

    async Task SendFiles(TimeSpan between)
    {
        while (!stopping.IsCancellationRequested)
        {
            var size = random.Next(500, 2_500);
            if (Take(size) is not { } first)
                return;
            await uploads.WaitAsync();
            files.Add(Upload(first, size));
            try
            {
                await Task.Delay(between, stopping.Token);
            }
            catch (OperationCanceledException) { }
        }
    }

    async Task Upload(long first, int size)
    {
        await sender.Deliver(journal.Begin(isFile: true, first, size), Body(first, size));
        uploads.Release();
    }

    long? Take(int count)
    {
        var first = Interlocked.Add(ref taken, count) - count;
        if (first + count <= to)
            return first;
        if (!Interlocked.Exchange(ref isUsedUp, true))
            journal.Surprise("There are no vehicles left to send notices of: the run needs more.");
        return null;
    }

    byte[] Body(long first, int count)
    {
        var text = new StringBuilder();
        for (var row = first; row < first + count; row++)
        {
            MadeUp.WriteNotice(text, row, vehicles, today, journal.References);
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
