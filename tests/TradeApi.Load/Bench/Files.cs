using System.Diagnostics;
using System.Text;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;
using TradeApi.Rules.Values;

namespace TradeApi.Load.Bench;

/// <summary>What became of rows sent in files: how many were accepted, and in which time.</summary>
sealed record FilesSent
{
    public required long Rows { get; init; }
    public required long Accepted { get; init; }

    /// <summary>From the first byte of the first file until the last row was decided.</summary>
    public required TimeSpan Whole { get; init; }

    /// <summary>Until the last file had been taken; of one file, the rest of the time was spent on deciding.</summary>
    public required TimeSpan Taken { get; init; }

    public required TimeSpan ProcessorTime { get; init; }
    public required double PeakMebibytes { get; init; }
    public required Curve Memory { get; init; }

    public double RowsPerSecond => Rows / Whole.TotalSeconds;

    public double DecidedPerSecond => Rows / (Whole - Taken).TotalSeconds;

    public double HostMicrosecondsPerRow => ProcessorTime.TotalMicroseconds / Rows;
}

/// <summary>Files of made-up notices, written just before they are sent.</summary>
sealed class Files(LoadedRegister register, Credentials credentials)
{
    /// <summary>The most rows that a submission may have.</summary>
    public const long MostRows = 1_000_000;

    const int WarmUpRows = 100_000;

    long next;

    /// <summary>How large a register must be, so that no vehicle is named twice.</summary>
    public static long Vehicles(long rows) => rows + WarmUpRows;

    /// <summary>Compiles and caches what the measured files will use.</summary>
    public Task<FilesSent> WarmUp() => Send(WarmUpRows, WarmUpRows);

    /// <summary>Sends so many rows; while a file is being decided, the next is sent, but no third.</summary>
    public async Task<FilesSent> Send(long rows, long rowsOfAFile = MostRows)
    {
        var first = next;
        next += rows;
        // One file is written before the clock starts: whoever sends one has it.
        var file = Write(first, Math.Min(rows, rowsOfAFile));
        using var memory = MemoryCurve.Of(register.Host);
        var processor = register.Host.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var taken = TimeSpan.Zero;
        var deciding = Task.FromResult(0L);
        var accepted = 0L;
        for (var sent = 0L; sent < rows; )
        {
            var id = await Sent(file);
            taken = clock.Elapsed;
            sent += Math.Min(rowsOfAFile, rows - sent);
            accepted += await deciding;
            deciding = Accepted(id);
            if (sent < rows)
                file = Write(first + sent, Math.Min(rowsOfAFile, rows - sent));
            if (rows > rowsOfAFile)
                Console.WriteLine(
                    FormattableString.Invariant($"  {sent:#,0} rows sent after {clock.Elapsed.TotalSeconds:F0} s")
                );
        }
        accepted += await deciding;
        var whole = clock.Elapsed;
        return new FilesSent
        {
            Rows = rows,
            Accepted = accepted,
            Whole = whole,
            Taken = taken,
            ProcessorTime = register.Host.ProcessorTime - processor,
            PeakMebibytes = register.Host.PeakMebibytes,
            Memory = await memory.End(),
        };
    }

    /// <summary>
    /// A file of bodies for so many requests, of further rows that are made to be accepted, each of one row or of an array
    /// of them.
    /// </summary>
    public string Bodies(long requests, int rowsOfEach = 1)
    {
        var path = Path.Combine(register.Directory, "bodies.ndjson");
        var today = LondonDate.Of(TimeProvider.System.GetUtcNow());
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        var text = new StringBuilder();
        for (var request = 0L; request < requests; request++)
        {
            text.Clear();
            for (var row = 0; row < rowsOfEach; next++)
            {
                if (MadeUp.IsRefused(next))
                    continue;
                if (row++ > 0)
                    text.Append(',');
                MadeUp.WriteNotice(text, next, register.Vehicles, today, "LOAD");
            }
            file.WriteLine(rowsOfEach == 1 ? text : text.Insert(0, '[').Append(']'));
        }
        return path;
    }

    async Task<string> Sent(string file)
    {
        using var partner = await register.Host.Partner(credentials);
        return await partner.Send(file);
    }

    async Task<long> Accepted(string id)
    {
        while (true)
        {
            // A token lives ten minutes, and a file may take longer.
            using var partner = await register.Host.Partner(credentials);
            for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(5); await Task.Delay(200))
            {
                var submission = await partner.Submission(id);
                switch ((string?)submission["state"])
                {
                    case "completed":
                        return (long)submission["rows"]!["accepted"]!;
                    case "failed" or "cancelled":
                        throw new InvalidOperationException($"A file was not decided: {submission.ToJsonString()}");
                }
            }
        }
    }

    string Write(long first, long rows)
    {
        var path = Path.Combine(register.Directory, "rows.ndjson");
        Write(path, first, rows, register.Vehicles);
        return path;
    }

    /// <summary>Writes a file of notices about a register with so many vehicles.</summary>
    public static void Write(string path, long first, long rows, long vehicles)
    {
        var today = LondonDate.Of(TimeProvider.System.GetUtcNow());
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        var text = new StringBuilder();
        for (var row = first; row < first + rows; row++)
        {
            text.Clear();
            MadeUp.WriteNotice(text, row, vehicles, today, "LOAD");
            file.Write(text.Append('\n'));
        }
    }
}
