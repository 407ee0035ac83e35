using System.Diagnostics;
using System.Globalization;

namespace TradeApi.Load.Running;

/// <summary>Programs that a benchmark starts and ends; it touches no others.</summary>
static class Processes
{
    public static Process Start(string program, IEnumerable<string> arguments, Action<ProcessStartInfo>? adjust = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        adjust?.Invoke(start);
        var process = Process.Start(start)!;
        Leftovers.Add(process, () => process.Kill(entireProcessTree: true));
        process.Exited += (_, _) => Leftovers.Forget(process);
        process.EnableRaisingEvents = true;
        return process;
    }

    /// <summary>Runs a program to its end and gives what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it printed.</exception>
    public static async Task<string> Run(
        string program,
        IEnumerable<string> arguments,
        Action<ProcessStartInfo>? adjust = null
    )
    {
        using var process = Start(program, arguments, adjust);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}"
            );
    }

    /// <summary>Lets a process go on without anybody reading what it prints.</summary>
    public static Process Unread(this Process process)
    {
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The processes that a process has started and that have not ended.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => char.IsAsciiDigit(name![0]))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(process => StateOf(process) is { } state && state.Parent == processId),
        ];

    public static bool IsAlive(int processId) => StateOf(processId) is { State: not ('Z' or 'X') };

    /// <summary>kill -9; a process that has ended by itself is none to worry about.</summary>
    public static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException) { }
    }

    static (char State, int Parent)? StateOf(int processId)
    {
        try
        {
            // The name of the program, in brackets, may hold blanks.
            var fields = File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ');
            return (fields[1][0], int.Parse(fields[2], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A figure of <c>/proc/PID/status</c> in kibibytes, such as <c>VmHWM</c>; 0 of a process that has ended.</summary>
    public static long Kibibytes(int processId, string figure)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status")
                .FirstOrDefault(line => line.StartsWith(figure + ":", StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Processor time of a process, of those that it has started and of those of them that have ended.</summary>
    public static TimeSpan ProcessorTime(int processId)
    {
        var ticks = 0L;
        foreach (var path in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            try
            {
                // After the name, which may have spaces in it: state, parent, … and from the twelfth on the four times.
                var stat = File.ReadAllText(path + "/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var isRoot = path == string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
                if (isRoot || int.Parse(fields[1], CultureInfo.InvariantCulture) == processId)
                    ticks += fields[11..(isRoot ? 15 : 13)].Sum(text => long.Parse(text, CultureInfo.InvariantCulture));
            }
            catch (IOException) { }
        }
        return TimeSpan.FromSeconds(ticks / 100.0);
    }
}
