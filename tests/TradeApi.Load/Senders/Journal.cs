using System.Diagnostics;
using System.Globalization;
using System.Text;
using TradeApi.Load.Register;

namespace TradeApi.Load.Senders;

/// <summary>One call as its sender sees it: a notice or a file of them, under one key until its outcome is known.</summary>
sealed class Call(string references, long number, bool isFile, long firstRow, int rows)
{
    public long Number => number;

    public bool IsFile => isFile;

    public long FirstRow => firstRow;

    public int Rows => rows;

    public string Key { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{references}-{(isFile ? "file" : "notice")}-{number}");

    /// <summary>The clientReference of the notice, or of a file's first.</summary>
    public string Reference => string.Create(CultureInfo.InvariantCulture, $"{references}-{firstRow:D8}");

    /// <summary>The status of the definite answer; null as long as there is none.</summary>
    public int? Status { get; set; }

    /// <summary>The keeper change or the submission that the answer names, without its prefix.</summary>
    public Guid? Id { get; set; }

    /// <summary>Sent, and what became of it is not known.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>How many of its rows the register must accept.</summary>
    public int RowsToAccept => (int)Enumerable.Range(0, rows).LongCount(row => !MadeUp.IsRefused(firstRow + row));
}

/// <summary>
/// What the senders know, written to a file before each call is sent and after each answer: the register is held to it
/// after every fault.
/// </summary>
sealed class Journal : IAsyncDisposable
{
    readonly Lock gate = new();
    readonly List<Call> calls = [];
    readonly List<string> surprises = [];
    readonly SortedDictionary<string, int> failures = new(StringComparer.Ordinal);
    readonly StreamWriter file;

    /// <param name="references">What each clientReference and each key of it begins with.</param>
    public Journal(string references)
    {
        References = references;
        Path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("tradeapi-journal-").FullName, "journal.txt");
        file = new StreamWriter(Path, append: false, new UTF8Encoding(false)) { AutoFlush = true };
    }

    public string References { get; }

    public string Path { get; }

    public int Ambiguous { get; private set; }

    public int FoundDone { get; private set; }

    public int FoundNotDone { get; private set; }

    /// <summary>Answered by a definite status.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Connections that were refused, so that nothing was sent.</summary>
    public int Refused { get; private set; }

    /// <summary>Outcomes that were asked for, not found, and whose call sent again was found to be done after all: a commit still under way.</summary>
    public int LateCommits { get; private set; }

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (gate)
                return [.. calls];
        }
    }

    /// <summary>Answers that no call should ever get.</summary>
    public IReadOnlyList<string> Surprises
    {
        get
        {
            lock (gate)
                return [.. surprises];
        }
    }

    /// <summary>How often which failure was answered or met, by its code.</summary>
    public IReadOnlyDictionary<string, int> Failures
    {
        get
        {
            lock (gate)
                return new SortedDictionary<string, int>(failures, StringComparer.Ordinal);
        }
    }

    public Call Begin(bool isFile, long firstRow, int rows)
    {
        lock (gate)
        {
            var call = new Call(References, calls.Count + 1, isFile, firstRow, rows);
            calls.Add(call);
            return call;
        }
    }

    public void Sending(Call call) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"send {call.Key} {call.Reference} {call.Rows}"));

    public void NotSent(Call call)
    {
        Write($"not-sent {call.Key}");
        lock (gate)
            Refused++;
    }

    public void Unknown(Call call, string why)
    {
        Write($"unknown {call.Key} {why}");
        lock (gate)
        {
            failures[why] = failures.GetValueOrDefault(why) + 1;
            if (!call.IsAmbiguous)
                Ambiguous++;
            call.IsAmbiguous = true;
        }
    }

    /// <summary>A call whose outcome was unknown is found to have been done, or to have come to nothing.</summary>
    public void Resolved(Call call, bool done)
    {
        Write($"resolved {call.Key} {(done ? "done" : "nothing was done")}");
        lock (gate)
        {
            if (done)
                FoundDone++;
            else
                FoundNotDone++;
            call.IsAmbiguous = false;
        }
    }

    public void Late()
    {
        lock (gate)
            LateCommits++;
    }

    public void Answered(Call call, int status, Guid? id)
    {
        Write(string.Create(CultureInfo.InvariantCulture, $"answer {call.Key} {status} {id}"));
        lock (gate)
        {
            call.Status = status;
            call.Id = id;
            Acknowledged++;
        }
    }

    /// <summary>Waits until there are more definite answers than there were.</summary>
    public async Task NextAnswer(int before, string since)
    {
        for (var patience = Stopwatch.StartNew(); Acknowledged == before; await Task.Delay(5))
            if (patience.Elapsed > TimeSpan.FromMinutes(3))
                throw new TimeoutException($"Three minutes after {since} nobody had an answer.");
    }

    public void Surprise(string what)
    {
        Write("surprise " + what);
        lock (gate)
            surprises.Add(what);
    }

    void Write(string line)
    {
        lock (gate)
            file.WriteLine(line);
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        // What went wrong is looked for here.
        if (Surprises.Count == 0 && Calls.All(call => call.Status is not null))
            Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
    }
}
