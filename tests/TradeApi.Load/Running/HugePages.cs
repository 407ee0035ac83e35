using System.Globalization;

namespace TradeApi.Load.Running;

/// <summary>
/// Memory that the system sets aside in huge pages, for the buffers of one server. Only root may ask for it, for the whole
/// machine; so what was added is given back at the end of the run. One large server runs at a time.
/// </summary>
sealed class HugePages
{
    const string Setting = "/proc/sys/vm/nr_hugepages";

    readonly Lock gate = new();
    int? before;
    bool isOver;

    /// <summary>
    /// Has so many more pages set aside as a server needs that are not free yet; none when the system cannot give all, for a
    /// server takes all or none.
    /// </summary>
    public void SetAside(int needed)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists(Setting))
            return;
        lock (gate)
        {
            var (all, free) = (Pages("HugePages_Total:"), Pages("HugePages_Free:") - Pages("HugePages_Rsvd:"));
            if (free >= needed)
                return;
            // From here on it is given back, whatever happens; at once when the run is being ended.
            Leftovers.Add(this, GiveBack);
            if (isOver || !TrySet(all + needed - free))
                return;
            before ??= all;
            var given = Pages("HugePages_Total:");
            Console.WriteLine(FormattableString.Invariant($"Huge pages: {all:#,0} before, {given:#,0} now"));
            if (given < all + needed - free)
                TakeBack();
        }
    }

    public void GiveBack()
    {
        lock (gate)
        {
            isOver = true;
            TakeBack();
        }
        Leftovers.Forget(this);
    }

    void TakeBack()
    {
        if (before is { } pages)
            TrySet(pages);
        before = null;
    }

    static int Pages(string name) =>
        int.Parse(
            File.ReadLines("/proc/meminfo").First(line => line.StartsWith(name, StringComparison.Ordinal))[
                name.Length..
            ],
            CultureInfo.InvariantCulture
        );

    // In a container root may be told no.
    static bool TrySet(int pages)
    {
        try
        {
            File.WriteAllText(Setting, pages.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"No huge pages: {refused.Message}");
            return false;
        }
    }
}
