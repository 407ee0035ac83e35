namespace TradeApi.Rules.Tests;

/// <summary>Files of the checkout that tests compare with, and the one way to renew them.</summary>
static class Checkout
{
    static readonly string Root = FindRoot();

    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>
    /// Holds a generated text against the committed file. With <c>ACCEPT=1</c> in the environment it writes the file
    /// instead.
    /// </summary>
    public static void Holds(string path, string text)
    {
        var file = PathOf(path);
        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
            File.WriteAllText(file, text);
        var committed = File.Exists(file) ? File.ReadAllText(file) : "";
        if (committed == text)
            return;
        var (was, now) = (committed.Split('\n'), text.Split('\n'));
        var line = was.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"{path} is not what the tables say any more, from line {line + 1} on:\n"
                + $"  in the file: {was.ElementAtOrDefault(line)}\n"
                + $"  should be:   {now.ElementAtOrDefault(line)}\n"
                + "If the change is meant, run the tests once with ACCEPT=1 and commit the file."
        );
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TradeApi.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("These tests run inside a checkout.");
    }
}
