using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TradeApi.Load.Running;

/// <summary>What a load brought.</summary>
sealed class LoadResult
{
    public required double Seconds { get; init; }
    public Latencies Latencies { get; } = new();
    public SortedDictionary<int, long> Statuses { get; } = [];
    public double Rate => Latencies.Count / Seconds;

    public string Counts => string.Join(", ", Statuses.Select(status => $"{status.Key}: {status.Value}"));

    public long Of(params int[] statuses) => statuses.Sum(status => Statuses.GetValueOrDefault(status));
}

/// <summary>
/// Sends requests over connections that stay open, one at a time on each. It does as little as it can beyond that: client
/// and server share the machine, and what the one uses the other lacks.
/// </summary>
static class LoadGenerator
{
    /// <summary>Every connection sends its next request when the answer to the last one has come.</summary>
    public static Task<LoadResult> Closed(
        int port,
        int connections,
        TimeSpan settling,
        TimeSpan duration,
        Action<IBufferWriter<byte>> write
    ) => Run(port, connections, settling, duration, write, perSecond: null, CancellationToken.None);

    /// <summary>
    /// Requests are due at a constant rate, whatever comes of those before. A latency counts from when its request was due,
    /// so that waiting for a free connection counts; the timer's millisecond counts, too.
    /// </summary>
    public static Task<LoadResult> Open(
        int port,
        int connections,
        double perSecond,
        TimeSpan settling,
        TimeSpan duration,
        Action<IBufferWriter<byte>> write,
        CancellationToken until = default
    ) => Run(port, connections, settling, duration, write, perSecond, until);

    static async Task<LoadResult> Run(
        int port,
        int connections,
        TimeSpan settling,
        TimeSpan duration,
        Action<IBufferWriter<byte>> write,
        double? perSecond,
        CancellationToken until
    )
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Connection.Open(port)));
        var clock = Stopwatch.StartNew();
        var sent = 0L;
        await Task.WhenAll(opened.Select(connection => Task.Run(() => Keep(connection))));
        var seconds = (until.IsCancellationRequested ? clock.Elapsed - settling : duration).TotalSeconds;
        var result = new LoadResult { Seconds = seconds };
        foreach (var connection in opened)
        {
            result.Latencies.Add(connection.Latencies);
            foreach (var (status, count) in connection.Statuses)
                result.Statuses[status] = result.Statuses.GetValueOrDefault(status) + count;
            connection.Dispose();
        }
        return result;

        async Task Keep(Connection connection)
        {
            var end = settling + duration;
            while (!until.IsCancellationRequested)
            {
                var due = clock.Elapsed;
                if (perSecond is not null)
                {
                    due = TimeSpan.FromSeconds(Interlocked.Increment(ref sent) / perSecond.Value);
                    if (due < end && due - clock.Elapsed is var early && early > TimeSpan.Zero)
                        await Task.Delay(early, CancellationToken.None);
                }
                if (due >= end)
                    return;
                var status = await connection.Send(write);
                var done = clock.Elapsed;
                // What began in the settling time does not count, nor what ended after all: the rate would be too good.
                if (due >= settling && (done <= end || perSecond is not null))
                    connection.Count(status, done - due);
            }
        }
    }

    /// <summary>One connection with its buffers.</summary>
    sealed class Connection(Socket socket) : IDisposable
    {
        readonly ArrayBufferWriter<byte> request = new(2048);
        readonly byte[] answer = new byte[64 * 1024];

        public Latencies Latencies { get; } = new();

        public Dictionary<int, long> Statuses { get; } = [];

        public static async Task<Connection> Open(int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new Connection(socket);
        }

        public void Count(int status, TimeSpan taken)
        {
            Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
            Latencies.Add(taken);
        }

        public async Task<int> Send(Action<IBufferWriter<byte>> write)
        {
            request.ResetWrittenCount();
            write(request);
            var left = request.WrittenMemory;
            while (left.Length > 0)
                left = left[await socket.SendAsync(left)..];
            var length = 0;
            do
            {
                var read = await socket.ReceiveAsync(answer.AsMemory(length));
                if (read == 0)
                    throw new IOException("The server closed the connection.");
                length += read;
            } while (!IsWhole(answer.AsSpan(0, length)));
            return (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0';
        }

        // There is one answer under way at a time, so the end of a chunked one is the end of what has come.
        static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            var head = answer.IndexOf("\r\n\r\n"u8);
            if (head < 0)
                return false;
            var name = "\r\nContent-Length: "u8;
            var at = answer[..head].IndexOf(name);
            if (at < 0)
                at = answer[..head].IndexOf("\r\ncontent-length: "u8);
            if (at < 0)
                return answer.EndsWith("\r\n0\r\n\r\n"u8);
            var bytes = 0;
            foreach (var digit in answer[(at + name.Length)..])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                    break;
                bytes = bytes * 10 + digit - '0';
            }
            return answer.Length >= head + 4 + bytes;
        }

        public void Dispose() => socket.Dispose();
    }
}
