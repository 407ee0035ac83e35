using Npgsql;
using TradeApi.Register;

namespace TradeApi.Tests;

public class CallsTogether
{
    readonly List<int[]> groups = [];
    readonly TaskCompletionSource gate = new();

    [Theory]
    [InlineData("57P01", false)]
    [InlineData("57P02", false)]
    [InlineData("57P03", false)]
    [InlineData("23514", true)]
    [InlineData("22021", true)]
    public void Where_the_database_ends_a_connection_no_notice_of_the_group_is_tried_alone(
        string sqlState,
        bool alone
    ) => Assert.Equal(alone, RegisterQueue.MayBeDueToOne(new PostgresException("", "FATAL", "FATAL", sqlState)));

    [Fact]
    public async Task A_lone_call_goes_straight_through_and_those_that_come_meanwhile_go_together_next()
    {
        var together = Of(most: 100);
        var first = together.Answer(0);
        var others = Enumerable.Range(1, 5).Select(together.Answer).ToList();
        Assert.Equal(
            [
                [0],
            ],
            groups
        );

        gate.SetResult();

        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(1, 5).Select(call => -call), await Task.WhenAll(others));
        Assert.Equal(
            [
                [0],
                [1, 2, 3, 4, 5],
            ],
            groups
        );
    }

    [Fact]
    public async Task No_group_is_larger_than_is_said_and_one_runs_at_a_time()
    {
        var together = Of(most: 2);
        var calls = Enumerable.Range(0, 9).Select(together.Answer).ToList();
        Assert.Equal(
            [
                [0],
            ],
            groups
        );

        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, 9).Select(call => -call), await Task.WhenAll(calls));
        Assert.Equal(
            [
                [0],
                [1, 2],
                [3, 4],
                [5, 6],
                [7, 8],
            ],
            groups
        );
    }

    [Fact]
    public async Task Two_groups_may_run_at_once_and_those_that_come_meanwhile_go_together_next()
    {
        var together = Of(most: 100, atOnce: 2);
        var calls = Enumerable.Range(0, 7).Select(together.Answer).ToList();
        Assert.Equal(
            [
                [0],
                [1],
            ],
            groups
        );

        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, 7).Select(call => -call), await Task.WhenAll(calls));
        Assert.Equal([2, 3, 4, 5, 6], Assert.Single(groups[2..]));
    }

    [Fact]
    public async Task Beside_a_group_another_begins_once_as_many_wait_as_are_in_it()
    {
        var (together, ends) = TwoAtOnce(9);
        var calls = Enumerable.Range(0, 5).Select(together.Answer).ToList();
        await End(0);
        await Begun([2, 3, 4]);

        calls.AddRange([together.Answer(5), together.Answer(6)]);
        await End(1);
        await Begun([2, 3, 4]);
        calls.Add(together.Answer(7));
        await Begun([5, 6, 7]);

        calls.Add(together.Answer(8));
        await End(2);
        await Begun([5, 6, 7]);
        await End(5);
        await Begun([8]);
        await End(8);
        Assert.Equal(Enumerable.Range(0, 9), await Task.WhenAll(calls));

        async Task End(int group)
        {
            ends[group].SetResult();
            await calls[group];
        }
    }

    [Fact]
    public async Task Two_groups_share_evenly_those_who_are_there()
    {
        var (together, ends) = TwoAtOnce(42);
        var calls = Enumerable.Range(0, 40).Select(together.Answer).ToList();

        ends[0].SetResult();
        await Begun(Enumerable.Range(2, 20));
        ends[1].SetResult();
        await calls[1];
        calls.Add(together.Answer(40));
        await Begun(Enumerable.Range(2, 20));
        calls.Add(together.Answer(41));
        await Begun(Enumerable.Range(22, 20));

        ends.ForEach(end => end.TrySetResult());
        Assert.Equal(Enumerable.Range(0, 42), await Task.WhenAll(calls));
    }

    // A group ends when that of its first call is told to.
    (Together<int, int> Together, List<TaskCompletionSource> Ends) TwoAtOnce(int calls)
    {
        var ends = Enumerable.Range(0, calls).Select(_ => new TaskCompletionSource()).ToList();
        var together = new Together<int, int>(
            100,
            async group =>
            {
                lock (groups)
                    groups.Add([.. group]);
                await ends[group[0]].Task;
                return group;
            },
            _ => true,
            atOnce: 2
        );
        return (together, ends);
    }

    async Task Begun(IEnumerable<int> group)
    {
        for (var patience = 0; patience < 1000; patience++)
        {
            lock (groups)
                if (groups[^1].SequenceEqual(group))
                    return;
            await Task.Delay(10);
        }
        Assert.Equal(group, groups[^1]);
    }

    [Fact]
    public async Task Who_has_an_answer_does_not_wait_while_others_keep_coming()
    {
        var caller = Environment.CurrentManagedThreadId;
        var isAsking = true;
        var heldUp = 0;
        Together<int, int>? together = null;
        // It never leaves the thread, as with a database in the process; and each group is followed by another call.
        together = new(
            100,
            group =>
            {
                if (group[0] > 0 && isAsking && Environment.CurrentManagedThreadId == caller)
                    heldUp++;
                if (group[0] < 50)
                    _ = together!.Answer(group[0] + 1);
                return Task.FromResult(group);
            },
            _ => true
        );

        var answer = together.Answer(0);
        isAsking = false;

        Assert.Equal(0, await answer);
        Assert.Equal(0, heldUp);
        await together.Drain();
    }

    [Fact]
    public async Task Draining_waits_for_every_group_that_runs()
    {
        var together = Of(most: 100, atOnce: 2);
        var calls = Enumerable.Range(0, 2).Select(together.Answer).ToList();
        var drained = together.Drain();
        Assert.False(drained.IsCompleted);

        gate.SetResult();

        await drained;
        var told = await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([0, -1], told);
    }

    [Fact]
    public async Task One_that_fails_does_not_take_the_others_of_its_group_down()
    {
        var together = Of(most: 100);
        var calls = Enumerable.Range(0, 5).Append(13).Append(6).Select(together.Answer).ToList();
        gate.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => calls[5]);
        Assert.Equal(-6, await calls[6]);
        Assert.Equal(-4, await calls[4]);
    }

    [Fact]
    public async Task A_failure_that_none_would_escape_alone_is_told_to_all_at_once()
    {
        var together = Of(most: 100, parts: false);
        var calls = Enumerable.Range(0, 5).Append(13).Select(together.Answer).ToList();
        gate.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => calls[4]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => calls[5]);
        Assert.Equal(2, groups.Count);
        Assert.Equal(-7, await together.Answer(7));
    }

    [Fact]
    public async Task A_lone_call_that_fails_leaves_its_place()
    {
        var together = Of(most: 100);
        gate.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => together.Answer(13));
        Assert.Equal(-1, await together.Answer(1));
    }

    [Fact]
    public async Task Draining_waits_for_those_who_wait()
    {
        var together = Of(most: 1);
        var calls = Enumerable.Range(0, 3).Select(together.Answer).ToList();
        var drained = together.Drain();
        Assert.False(drained.IsCompleted);

        gate.SetResult();

        await drained;
        // Each has its answer; who awaits it goes on elsewhere, perhaps a moment later.
        var told = await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([0, -1, -2], told);
        Assert.Equal(3, groups.Count);
        await Of(most: 1).Drain();
    }

    Together<int, int> Of(int most, bool parts = true, int atOnce = 1) =>
        new(
            most,
            async group =>
            {
                lock (groups)
                    groups.Add([.. group]);
                await gate.Task;
                return group.Contains(13)
                    ? throw new InvalidOperationException("planted")
                    : [.. group.Select(call => -call)];
            },
            _ => parts,
            atOnce
        );
}
