using System.Globalization;

namespace TradeApi.Load.Running;

/// <summary>
/// Processor time as the kernel counts it. On a machine that others use too it says more than the clock does.
/// </summary>
static class ProcessorTimes
{
    const double TicksPerSecond = 100;

    /// <summary>What a server's processes that are alive have used: the one that started the others, and those.</summary>
    public static TimeSpan OfServer(int processId)
    {
        var ticks = 0L;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                // The name in brackets may have spaces; the figures begin after it: state, parent, and so on.
                var figures = File.ReadAllText(Path.Combine(directory, "stat")).Split(") ")[^1].Split(' ');
                if (id == processId || Number(figures[1]) == processId)
                    ticks += Number(figures[11]) + Number(figures[12]);
            }
            catch (IOException) { }
        }
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
