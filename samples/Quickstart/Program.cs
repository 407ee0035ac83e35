// The whole of TradeApi in a minute, with nothing to install but the .NET SDK:
//   dotnet run --project samples/Quickstart
// A dealer's software sends 1,200 disposals to the trade as one file, reads what became of each row, and proves its
// receipts. The register, the token server and the worker run in a host that this program starts and ends.
using System.Runtime.InteropServices;
using Quickstart;
using Spectre.Console;
using TradeApi.Client;

using var stop = new CancellationTokenSource();

// The host is ended on every way out, also when someone ends this program.
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await Run(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception failure) when (failure is TradeApiException or HostFailedException or IOException)
{
    Console.Error.WriteLine($"Quickstart failed: {failure.Message}");
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static async Task Run(CancellationToken cancel)
{
    Heading("1. A register of made-up vehicles");
    await using var host = new SampleHost();
    Console.WriteLine($"organisations: {await host.Command("import", "organisations", SampleData.Organisations)}");
    Console.WriteLine($"vehicles:      {await host.Command("import", "register", SampleData.Register)}");
    // The software house acts for the dealer under a mandate, which stands in organisations.json.
    var credentials = await host.AddClient("org_software1");
    await host.Start(cancel);
    Console.WriteLine($"The host serves on {host.Address} with its data in a temporary directory.");

    using var client = new TradeApiClient(host.Address, credentials, new() { Product = "Quickstart/1.0" });

    Heading("2. A file of disposals to the trade");
    using var file = SampleData.Disposals(onBehalfOf: "org_dealer1");
    var received = await client.SendFileAsync(
        file,
        FileFormat.Csv,
        new() { FileName = "disposals.csv", Gzip = true },
        cancel
    );
    Console.WriteLine($"{received.Submission.Rows.Total} rows received as {received.Id}.");
    var submission = await Display.Bar(
        "Deciding",
        received.Submission.Rows.Total,
        bar => client.WaitForCompletionAsync(received.Id, bar, cancel),
        (SubmissionProgress progress) => progress.Decided
    );
    if (submission.State != "completed")
        throw new IOException($"The submission ended as {submission.State}.");
    Display.Counts(submission.Rows);

    Heading("3. Three refused rows, each with what to do");
    var shown = 0;
    await foreach (var row in client.ReadResultsAsync(received.Id, "refused", cancel))
    {
        Console.WriteLine($"row {row.RowNumber}, {row.ClientReference}");
        foreach (var finding in row.Findings)
            Console.WriteLine($"  {finding.Code}: {finding.Message}");
        if (++shown == 3)
            break;
    }

    Heading("4. A receipt");
    var accepted = new List<RowResult>();
    await foreach (var row in client.ReadResultsAsync(received.Id, "accepted", cancel))
        accepted.Add(row);
    var receipt = await client.GetReceiptAsync(accepted[0].KeeperChangeId!, cancel);
    var check = await client.VerifyReceiptAsync(receipt, cancel);
    Display.Receipt(receipt, check);

    Heading("5. Every receipt of an accepted row");
    var verified = 0;
    await Display.Bar<int, int>(
        "Verifying",
        accepted.Count,
        async bar =>
        {
            var several = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancel };
            await Parallel.ForEachAsync(
                accepted,
                several,
                async (row, rowCancel) =>
                {
                    var jws = await client.GetReceiptAsync(row.KeeperChangeId!, rowCancel);
                    var result = await client.VerifyReceiptAsync(jws, rowCancel);
                    // Genuine is not enough: it must also be the receipt of this row.
                    if (result.Statement?.KeeperChangeId != row.KeeperChangeId)
                        throw new IOException(
                            $"row {row.RowNumber}: {result.Failure ?? "the receipt of another notice"}"
                        );
                    bar.Report(Interlocked.Increment(ref verified));
                }
            );
            return verified;
        },
        done => done
    );

    var decided = submission.Rows.Total - submission.Rows.Unprocessed;
    Console.WriteLine();
    Console.WriteLine($"Quickstart finished: {decided} rows decided, {verified} receipts verified.");
}

static void Heading(string text)
{
    Console.WriteLine();
    Console.WriteLine(text);
}
