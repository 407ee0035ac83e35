using System.Globalization;

namespace TradeApi.Load.Running;

/// <summary>
/// Memory that the system sets aside in huge pages, for the buffers of a server. Only root may ask for it, for the whole machine; so
/// it is given back at the end of the run.
/// </summary>
sealed class HugePages
{
    const string Setting = "/proc/sys/vm/nr_hugepages";

    int? before;

    /// <summary>Has so many pages set aside, if there are fewer; none more when the system cannot give all, for a server takes all or none.</summary>
    public void SetAside(int pages)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists(Setting) || Now >= pages)
            return;
        before = Now;
        Leftovers.Add(this, GiveBack);
        Set(pages);
        Console.WriteLine(
            FormattableString.Invariant($"Huge pages: {pages:#,0} wanted, {before:#,0} before, {Now:#,0} now")
        );
        if (Now < pages)
            GiveBack();
    }

    public void GiveBack()
    {
        if (before is { } pages)
            Set(pages);
        before = null;
        Leftovers.Forget(this);
    }

    static int Now => int.Parse(File.ReadAllText(Setting), CultureInfo.InvariantCulture);

    static void Set(int pages) => File.WriteAllText(Setting, pages.ToString(CultureInfo.InvariantCulture));
}
