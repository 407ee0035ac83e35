using TradeApi.Client;

namespace DealerDms;

/// <summary>Sends notices, says what became of them, and keeps their receipts.</summary>
sealed class Desk(TradeApiClient client)
{
    readonly List<KeeperChange> recorded = [];

    public async Task<NoticeResult> Send(Notice notice)
    {
        var result = await client.SendAsync(notice);
        Console.WriteLine($"  {notice.ClientReference}: {result.Outcome} {result.Receipt?.Reference}");
        foreach (var finding in result.Findings)
            Console.WriteLine($"    {finding.Code}: {finding.Message}");
        if (result.KeeperChange is { } decided)
            recorded.Add(decided);
        return result;
    }

    /// <summary>Checks each receipt and keeps it as a file. It proves the notice for ever, also without the register.</summary>
    public async Task KeepReceipts(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var notice in recorded)
        {
            var receipt = await client.GetReceiptAsync(notice.Id);
            var check = await client.VerifyReceiptAsync(receipt);
            if (check.Statement is { } statement)
                await File.WriteAllTextAsync(Path.Combine(folder, statement.Reference + ".jws"), receipt);
            Console.WriteLine(
                $"  {notice.ClientReference}: {check.Statement?.Reference} {(check.IsGenuine ? "genuine, kept" : check.Failure)}"
            );
        }
    }
}

/// <summary>A vehicle as the dealer knows it from its papers.</summary>
sealed record StockVehicle(string Mark, string Document, int Mileage);

/// <summary>What stands on the forecourt: here, the vehicles of the sample register.</summary>
static class Stock
{
    static readonly string[][] Register = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "register.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .ToArray();

    public static IEnumerable<StockVehicle> WithKeeper => InState("withKeeper");

    public static IEnumerable<StockVehicle> OfDealer => InState("inTrade");

    static IEnumerable<StockVehicle> InState(string state) =>
        Register
            .Where(cells => cells[9] == state)
            .Select(cells => new StockVehicle(
                cells[0],
                cells[2],
                int.Parse(cells[13], System.Globalization.CultureInfo.InvariantCulture)
            ));
}
