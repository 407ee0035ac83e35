namespace TradeApi.Load.Running;

/// <summary>Where the project lies and which commit it is at.</summary>
static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>How this program was built; the program that it runs is the one built likewise.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;

    public static async Task<string> Commit()
    {
        var commit = (await Processes.Run("git", ["-C", Root, "rev-parse", "--short=12", "HEAD"])).Trim();
        var changes = await Processes.Run("git", ["-C", Root, "status", "--porcelain", "--", "src"]);
        return changes.Length == 0 ? commit : commit + " with changes";
    }

    static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "TradeApi.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("This is not run from a checkout.");
        return directory.FullName;
    }
}
