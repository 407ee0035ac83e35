using System.Globalization;
using TradeApi.Load.Running;

namespace TradeApi.Load.Results;

/// <summary>On what a run was measured, and how busy that was already when the run began.</summary>
sealed record Machine
{
    public required string Processor { get; init; }
    public required int Cores { get; init; }
    public required double MemoryGibibytes { get; init; }

    /// <summary>Memory that is set aside for huge pages; a server with large buffers is slower without.</summary>
    public double HugePagesGibibytes { get; init; }

    /// <summary>How many gibibytes are set aside for huge pages now.</summary>
    public static double SetAsideForHugePages =>
        Math.Round(Kibibytes(Line("/proc/meminfo", "Hugetlb:")) / 1048576.0, 1);

    public required string Kernel { get; init; }
    public required string DotNet { get; init; }
    public required string PostgreSql { get; init; }
    public required string LoadAverage { get; init; }

    public static async Task<Machine> Look() =>
        new()
        {
            Processor = Line("/proc/cpuinfo", "model name").TrimStart(':', ' '),
            Cores = Environment.ProcessorCount,
            MemoryGibibytes = Math.Round(Kibibytes(Line("/proc/meminfo", "MemTotal:")) / 1048576.0, 1),
            Kernel = "Linux " + (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim(),
            DotNet = Environment.Version.ToString(),
            PostgreSql = await PostgresServer.Version(),
            LoadAverage = string.Join(' ', (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ').Take(3)),
        };

    static string Line(string path, string name) =>
        File.ReadLines(path)
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
            ?[name.Length..].Trim()
        ?? "";

    static long Kibibytes(string text) =>
        long.TryParse(text.Split(' ')[0], CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes : 0;
}
