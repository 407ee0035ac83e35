using System.Globalization;
using System.Text.Json;
using static TradeApi.Client.Tests.Samples;
using static TradeApi.Client.Tests.Script;

namespace TradeApi.Client.Tests;

public sealed class EveryOperation
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    const string Dispute =
        """{"id":"dis_1","state":"open","keeperChange":"kc_1","reason":"Ours.","openedAt":"2026-11-25T12:00:00.000Z"}""";

    // How a partner comes to each operation of the contract, and an answer that the service could give.
    static readonly Dictionary<string, (Func<TradeApiClient, Task> Call, string Answer)> ByOperation = new(
        StringComparer.Ordinal
    )
    {
        ["postKeeperChange"] = (client => client.SendAsync(Disposal(), cancellationToken: Cancel), Decided()),
        ["validateKeeperChange"] = (
            client => client.ValidateAsync(Disposal(), Cancel),
            """{"outcome":"accepted","findings":[]}"""
        ),
        ["getKeeperChange"] = (client => client.GetKeeperChangeAsync("kc_1", Cancel), Decided()),
        ["getReceipt"] = (client => client.GetReceiptAsync("kc_1", Cancel), "a.b.c"),
        ["getOutcome"] = (
            client => client.GetOutcomeAsync("key/1", Cancel),
            """{"idempotencyKey":"key/1","operation":"keeper-changes","state":"completed"}"""
        ),
        ["postSubmission"] = (
            client => client.SendFileAsync(new MemoryStream(), FileFormat.Csv, null, Cancel),
            Submission("processing")
        ),
        ["listSubmissions"] = (
            client => client.ListSubmissionsAsync(Cancel).ToListAsync(Cancel).AsTask(),
            """{"items":[]}"""
        ),
        ["getSubmission"] = (
            client => client.WaitForCompletionAsync("sub_1", cancellationToken: Cancel),
            Submission("completed")
        ),
        ["getSubmissionResults"] = (
            client => client.ReadResultsAsync("sub_1", "refused", Cancel).ToListAsync(Cancel).AsTask(),
            ""
        ),
        ["getSubmissionCorrections"] = (
            client => client.DownloadCorrectionsAsync("sub_1", Stream.Null, Cancel),
            "rowNumber,findings\r\n"
        ),
        ["cancelSubmission"] = (client => client.CancelAsync("sub_1", Cancel), Submission("cancelled")),
        ["enquireVehicle"] = (
            client => client.EnquireAsync("AB12 CDE", Cancel),
            """{"registrationNumber":"AB12CDE","make":"FORD","year":2012,"dateOfFirstRegistration":"2012-04-17","tax":{"status":"unknown"},"mot":{"status":"unknown"},"exported":false,"record":"inTrade"}"""
        ),
        ["getKeeperAtDate"] = (
            client => client.KeeperAtDateAsync("AB12 CDE", new DateOnly(2026, 10, 31), "Claim", "CLAIM-1", Cancel),
            """{"registrationNumber":"AB12CDE","date":"2026-10-31"}"""
        ),
        ["listFleetVehicles"] = (
            client => client.FleetVehiclesAsync(Cancel).ToListAsync(Cancel).AsTask(),
            """{"items":[]}"""
        ),
        ["getVehicleHistory"] = (
            client => client.HistoryAsync("AB12 CDE", Cancel).ToListAsync(Cancel).AsTask(),
            """{"items":[]}"""
        ),
        ["searchKeeperChanges"] = (
            client => client.SearchKeeperChangesAsync(cancellationToken: Cancel).ToListAsync(Cancel).AsTask(),
            """{"items":[]}"""
        ),
        ["listReasonCodes"] = (client => client.ReasonCodesAsync(Cancel), """{"items":[]}"""),
        ["reverseKeeperChange"] = (client => client.ReverseAsync("kc_1", cancellationToken: Cancel), Decided()),
        ["correctKeeperChange"] = (
            client => client.CorrectAsync("kc_1", new CorrectionAsked { Mileage = 41250 }, cancellationToken: Cancel),
            Decided()
        ),
        ["openDispute"] = (
            client => client.OpenDisputeAsync(new DisputeAsked { KeeperChange = "kc_1", Reason = "Ours." }, Cancel),
            Dispute
        ),
        ["getDispute"] = (client => client.GetDisputeAsync("dis_1", Cancel), Dispute),
        ["listDisputes"] = (
            client => client.ListDisputesAsync(Cancel).ToListAsync(Cancel).AsTask(),
            """{"items":[]}"""
        ),
        ["listEvents"] = (
            client => client.ReadEventsAsync("abc", ["vehicle.left-stock"], TimeSpan.FromSeconds(5), Cancel),
            """{"items":[],"nextCursor":"abc"}"""
        ),
        ["resumeSubmission"] = (client => client.ResumeAsync("sub_1", Cancel), Submission("processing")),
    };

    [Fact]
    public async Task Is_reached_by_a_method_of_the_client()
    {
        using var contract = JsonDocument.Parse(await File.ReadAllTextAsync(GeneratedCore.Contract, Cancel));
        foreach (var path in contract.RootElement.GetProperty("paths").EnumerateObject())
        foreach (var operation in path.Value.EnumerateObject().Where(member => member.Name != "parameters"))
        {
            var name = operation.Value.GetProperty("operationId").GetString()!;
            Assert.True(
                ByOperation.TryGetValue(name, out var way),
                $"{name} is in the contract and not here. Give TradeApiClient a method for it, or show it by way of Core, and list it."
            );
            var success = operation
                .Value.GetProperty("responses")
                .EnumerateObject()
                .First(response => response.Name.StartsWith('2'));
            var script = new Script(Answer(int.Parse(success.Name, CultureInfo.InvariantCulture), way.Answer));
            using var client = script.Client();

            await way.Call(client);

            var sent = Assert.Single(script.Calls);
            Assert.Equal(operation.Name, sent.Method.Method, ignoreCase: true);
            Assert.True(Fits(path.Name, sent.Path), $"{name} was sent to {sent.Path}");
            foreach (var query in sent.Address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
                Assert.Contains(
                    operation.Value.GetProperty("parameters").EnumerateArray(),
                    parameter => parameter.GetProperty("name").GetString() == query.Split('=')[0]
                );
        }
    }

    static bool Fits(string template, string path)
    {
        var (parts, sent) = (template.Split('/'), path.Split('/'));
        return parts.Length == sent.Length
            && parts.Zip(sent).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }
}
