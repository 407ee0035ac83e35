using Spectre.Console;
using TradeApi.Client;

namespace Quickstart;

/// <summary>How the sample shows what it does: with a bar and a table in a terminal, in plain lines elsewhere.</summary>
static class Display
{
    /// <summary>Shows a bar while work goes on that reports its progress.</summary>
    public static async Task<T> Bar<T, TProgress>(
        string title,
        int most,
        Func<IProgress<TProgress>, Task<T>> work,
        Func<TProgress, double> done
    )
    {
        if (Console.IsOutputRedirected)
        {
            var result = await work(new Progress<TProgress>());
            Console.WriteLine($"{title}: {most} of {most}.");
            return result;
        }
        return await AnsiConsole
            .Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(title, maxValue: most);
                var result = await work(new Progress<TProgress>(progress => bar.Value = done(progress)));
                bar.Value = most;
                return result;
            });
    }

    public static void Counts(RowCounts rows)
    {
        (string Outcome, int Rows)[] counts =
        [
            ("accepted", rows.Accepted),
            ("refused", rows.Refused),
            ("referred", rows.Referred),
            ("duplicate", rows.Duplicate),
            ("unprocessed", rows.Unprocessed),
            ("total", rows.Total),
        ];
        foreach (var (outcome, count) in counts)
            Console.WriteLine($"  {outcome, -11} {count, 6}");
    }

    public static void Receipt(string receipt, ReceiptCheck check)
    {
        // A JWS in compact form: three parts with dots between them, to be kept as it is.
        Console.WriteLine($"{receipt[..60]}… ({receipt.Length} characters)");
        if (check.Statement is not { } statement)
        {
            Console.WriteLine($"Not genuine: {check.Failure}");
            return;
        }
        Console.WriteLine($"  reference        {statement.Reference}");
        Console.WriteLine($"  notice           {statement.Type}, {statement.Outcome}, {statement.ClientReference}");
        Console.WriteLine($"  on behalf of     {statement.OnBehalfOf}, by {statement.SubmittedBy}");
        Console.WriteLine($"  decided          {statement.DecidedAt:u}");
        Console.WriteLine($"  ledger position  {statement.LedgerPosition}");
        Console.WriteLine("Genuine: the signature, the issuer and the ledger leaf fit.");
    }
}
