// An authorised treatment facility at the end of its day: one CSV file of destructions, the results row by row, and a
// corrections file for what was refused.
// It talks to a running host that holds the sample register; samples/README.md says how to start one. Then:
//   export TRADEAPI_URL=http://localhost:5000 TRADEAPI_CLIENT_ID=cli_… TRADEAPI_CLIENT_SECRET=…
//   dotnet run --project samples/ScrapYard [destructions.csv]
// or with --url, --client-id and --client-secret. The client must belong to org_yard1. Without a file of your own it
// sends one that it makes from the sample register.
using ScrapYard;
using TradeApi.Client;

if (Setup.Read(args) is not { } setup)
    return 2;
using var client = new TradeApiClient(setup.Address, setup.Credentials, new() { Product = "ScrapYard/1.0" });
try
{
    var path = args.FirstOrDefault(argument => argument.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));
    if (path is null)
    {
        path = Path.Combine(Environment.CurrentDirectory, "destructions.csv");
        await DayBook.Write(path, Setup.Today());
    }

    // A trial first: the same verdicts, nothing recorded. A destruction cannot be taken back by the yard.
    await using var file = File.OpenRead(path);
    var trial = await client.SendFileAsync(file, FileFormat.Csv, new() { ValidateOnly = true });
    var tried = await client.WaitForCompletionAsync(trial.Id);
    Console.WriteLine($"Trial: {tried.Rows.Accepted} of {tried.Rows.Total} rows would be accepted.");

    // The file is read while it is sent; a million rows take no more memory than ten.
    file.Position = 0;
    var sent = await client.SendFileAsync(
        file,
        FileFormat.Csv,
        new() { FileName = Path.GetFileName(path), Gzip = true }
    );
    var submission = await client.WaitForCompletionAsync(
        sent.Id,
        new Progress<SubmissionProgress>(progress => Console.WriteLine($"  {progress.Fraction:P0} decided"))
    );
    Console.WriteLine(
        $"Sent: {submission.Rows.Accepted} accepted, {submission.Rows.Refused} refused, {submission.Rows.Referred} referred, "
            + $"{submission.Rows.Duplicate} sent before."
    );

    await foreach (var row in client.ReadResultsAsync(sent.Id))
    {
        // The certificate's number is what the last holder is given.
        var certificate = row.KeeperChangeId is { } id
            ? (await client.GetKeeperChangeAsync(id)).CertificateNumber
            : null;
        Console.WriteLine(
            $"  row {row.RowNumber} {row.ClientReference}: {row.Outcome}{(certificate is null ? "" : $", certificate {certificate}")}"
        );
        foreach (var finding in row.Findings)
            Console.WriteLine($"    {finding.Code}: {finding.Message}");
    }

    if (submission.Rows.Refused > 0)
    {
        var corrections = Path.ChangeExtension(path, ".corrections.csv");
        await using (var target = File.Create(corrections))
            await client.DownloadCorrectionsAsync(sent.Id, target);
        Console.WriteLine($"Mend {corrections} and send it with this program: its findings column is passed over.");
    }
    return 0;
}
catch (TradeApiException failure)
{
    // Sending the whole file again is harmless: rows that were recorded answer "duplicate".
    Console.Error.WriteLine($"{failure.Message} (request {failure.RequestId ?? "none"})");
    return 1;
}
