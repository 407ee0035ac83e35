using System.ComponentModel;
using System.Diagnostics;

namespace TradeApi.Load.Running;

/// <summary>
/// What a run has started or made and takes away at its end. When it is ended from outside, by Ctrl-C or SIGTERM, what is left
/// then is taken away as well.
/// </summary>
static class Leftovers
{
    static readonly List<(object What, Action TakeAway)> Made = [];
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    static int? endedBy;

    static Leftovers() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            endedBy = Environment.CurrentManagedThreadId;
            TakeAway();
        };

    /// <param name="what">By what it is forgotten again.</param>
    /// <param name="takeAway">Takes it away; it may be gone by then.</param>
    public static void Add(object what, Action takeAway)
    {
        lock (Made)
            Made.Add((what, takeAway));
        // The run goes on until it fails, and would start again what has been ended.
        if (endedBy is { } thread && thread != Environment.CurrentManagedThreadId)
            takeAway();
    }

    /// <summary>It has been taken away.</summary>
    public static void Forget(object what)
    {
        lock (Made)
            Made.RemoveAll(made => ReferenceEquals(made.What, what));
    }

    /// <summary>Makes a folder for the time of the run.</summary>
    public static string Folder(string prefix)
    {
        var path = Directory.CreateTempSubdirectory(prefix).FullName;
        Add(
            path,
            () =>
            {
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
            }
        );
        return path;
    }

    // The newest first: a server goes before the folder of its data. What the run itself is taking away at this moment may fail
    // here, and is looked at again.
    static void TakeAway()
    {
        for (
            var patience = Stopwatch.StartNew();
            patience.Elapsed < Patience;
            Task.Delay(BetweenTries).GetAwaiter().GetResult()
        )
        {
            (object What, Action TakeAway)[] left;
            lock (Made)
                left = [.. Made];
            if (left.Length == 0)
                return;
            foreach (var (what, takeAway) in left.Reverse())
            {
                try
                {
                    takeAway();
                    Forget(what);
                }
                catch (Exception exception)
                    when (exception
                            is IOException
                                or InvalidOperationException
                                or UnauthorizedAccessException
                                or Win32Exception
                                or AggregateException
                    ) { }
            }
        }
    }
}
