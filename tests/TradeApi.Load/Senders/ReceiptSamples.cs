namespace TradeApi.Load.Senders;

/// <summary>Fetches the receipts of some notices that were acknowledged since the last time: each must be there.</summary>
sealed class ReceiptSamples(Sender sender, Journal journal, Random random)
{
    const int AtOnce = 10;
    int seen;

    public int Fetched { get; private set; }

    public async Task Take()
    {
        var calls = journal.Calls;
        var accepted = calls.Skip(seen).Where(call => !call.IsFile && call.Status is 201).ToList();
        seen = calls.Count;
        for (var at = 0; at < AtOnce && accepted.Count > 0; at++)
        {
            var call = accepted[random.Next(accepted.Count)];
            var (status, _) = await sender.Get($"v1/keeper-changes/kc_{call.Id:N}/receipt");
            if (status != 200)
                journal.Surprise($"{call.Key} was accepted, and its receipt is answered {status}");
            Fetched++;
        }
    }
}
