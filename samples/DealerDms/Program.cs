// A dealer's day: vehicles taken in part-exchange, vehicles sold, a refusal mended and sent again, receipts kept.
// It talks to a running host that holds the sample register; samples/README.md says how to start one. Then:
//   export TRADEAPI_URL=http://localhost:5000 TRADEAPI_CLIENT_ID=cli_… TRADEAPI_CLIENT_SECRET=…
//   dotnet run --project samples/DealerDms
// or with --url, --client-id and --client-secret. The client must belong to org_dealer1.
using DealerDms;
using TradeApi.Client;

if (Setup.Read(args) is not { } setup)
    return 2;
using var client = new TradeApiClient(setup.Address, setup.Credentials, new() { Product = "DealerDms/1.0" });
var desk = new Desk(client);
var today = Setup.Today();
try
{
    Console.WriteLine("Taken in part-exchange:");
    foreach (var (number, vehicle) in Stock.WithKeeper.Take(3).Index())
    {
        var disposal = new DisposalToTrade
        {
            // Yours to choose, and yours for ever: the register accepts each only once.
            ClientReference = $"DMS-{today:yyyyMMdd}-IN-{number + 1}",
            RegistrationNumber = vehicle.Mark,
            DocumentReferenceNumber = vehicle.Document,
            EventDate = today,
            Mileage = vehicle.Mileage + 250,
            // Tick these only when the customer has said so: they are the keeper's declarations.
            KeeperConsent = true,
            MarkRightsConsent = true,
        };
        // At the desk the second number is mistyped. The register does not say which part is wrong, only that mark and
        // document do not belong together; somebody looks at the paper and types it again.
        if (number == 1)
            disposal.DocumentReferenceNumber = "1" + vehicle.Document[1..];
        var result = await desk.Send(disposal);
        if (result.IsRefused && number == 1)
        {
            disposal.DocumentReferenceNumber = vehicle.Document;
            // The same reference: a refused notice does not use it up. A new call, so SendAsync makes a new key.
            await desk.Send(disposal);
        }
    }

    Console.WriteLine("Sold:");
    foreach (var (number, vehicle) in Stock.OfDealer.Take(3).Index())
        await desk.Send(
            new AcquisitionFromTrade
            {
                ClientReference = $"DMS-{today:yyyyMMdd}-OUT-{number + 1}",
                RegistrationNumber = vehicle.Mark,
                DocumentReferenceNumber = vehicle.Document,
                EventDate = today,
                Mileage = vehicle.Mileage + 12,
                KeeperConsent = true,
                TaxChoice = "tax",
                NewKeeper = new NewKeeper
                {
                    Title = "Ms",
                    FirstNames = "Ffion",
                    LastName = "Specimen",
                    Address = new Address
                    {
                        Line1 = $"{number + 1} Example Street",
                        PostTown = "Swansea",
                        Postcode = "SA1 1AA",
                    },
                },
            }
        );

    Console.WriteLine("Receipts:");
    await desk.KeepReceipts(Path.Combine(Environment.CurrentDirectory, "receipts"));
    return 0;
}
catch (TradeApiException failure)
{
    Console.Error.WriteLine($"{failure.Message} (request {failure.RequestId ?? "none"})");
    // After "unknown" the notice may be decided: the same again under the same key is always right.
    if (failure is { Outcome: "unknown", IdempotencyKey: { } key })
        Console.Error.WriteLine($"Whether it was recorded is open. Send it again with the key {key}.");
    return 1;
}
