using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class SharedReadsOfClients
{
    readonly List<(string[] Keys, TaskCompletionSource<IReadOnlyDictionary<string, string>> Answer)> begun = [];

    [Fact]
    public async Task Who_asks_while_a_read_runs_shares_the_next_one_and_never_that()
    {
        var reads = new SharedReads<string>(Begin);
        var first = reads.Ask("a", default);
        var meanwhile = new[] { reads.Ask("a", default), reads.Ask("b", default), reads.Ask("c", default) };
        Assert.Equal(["a"], Assert.Single(begun).Keys);

        Answer(0, ("a", "old"));
        Assert.Equal("old", await first);
        await Begun(2);
        Answer(1, ("a", "new"), ("b", "other"));

        Assert.Equal(["new", "other", null], await Task.WhenAll(meanwhile));
        Assert.Equal(["a", "b", "c"], begun[1].Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_that_fails_fails_for_those_who_shared_it_and_not_for_the_next()
    {
        var reads = new SharedReads<string>(Begin);
        var first = reads.Ask("a", default);
        var next = reads.Ask("a", default);

        begun[0].Answer.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Begun(2);
        Answer(1, ("a", "there"));

        Assert.Equal("there", await next);
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_others_their_read()
    {
        var reads = new SharedReads<string>(Begin);
        using var going = new CancellationTokenSource();
        var gone = reads.Ask("a", going.Token);
        await going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        var staying = reads.Ask("a", default);
        Answer(0, ("a", "unread"));
        await Begun(2);
        Answer(1, ("a", "there"));

        Assert.Equal("there", await staying);
    }

    Task<IReadOnlyDictionary<string, string>> Begin(IReadOnlyCollection<string> keys)
    {
        var answer = new TaskCompletionSource<IReadOnlyDictionary<string, string>>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        lock (begun)
            begun.Add(([.. keys], answer));
        return answer.Task;
    }

    void Answer(int read, params (string Key, string Value)[] answers) =>
        begun[read]
            .Answer.SetResult(
                answers.ToDictionary(answer => answer.Key, answer => answer.Value, StringComparer.Ordinal)
            );

    // The next read begins on another thread, once the one before has been answered.
    async Task Begun(int reads)
    {
        while (true)
        {
            lock (begun)
                if (begun.Count >= reads)
                    return;
            await Task.Delay(5);
        }
    }
}
