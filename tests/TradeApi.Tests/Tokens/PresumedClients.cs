using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Tokens;

/// <summary>
/// Whether the sender of a single notice is in force is asked with what its group asks. What it is told is what the same token
/// is told by a call that asks beforehand.
/// </summary>
public class PresumedClients
{
    const string Good = "a good call";

    // Each is a way to lose something between two calls, and the code that the next call is answered with.
    static readonly (string Sql, string Code)[] Losses =
    [
        ("update organisation set state = 'suspended' where organisation_id = @Organisation", "partner.suspended"),
        ("update organisation set state = 'closed' where organisation_id = @Organisation", "partner.suspended"),
        ("update organisation set state = 'sandbox' where organisation_id = @Organisation", "partner.suspended"),
        ("update client set removed_at = @Now where client_id = @ClientId", "partner.suspended"),
        ("update credential set removed_at = @Now where client_id = @ClientId", "partner.suspended"),
        ("update credential set expires_at = @Now where client_id = @ClientId", "partner.suspended"),
        ("update client set organisation_id = @Other where client_id = @ClientId", "token.invalid"),
        ("update client set environment = 'sandbox' where client_id = @ClientId", "token.invalid"),
        ("delete from credential where client_id = @ClientId", "token.invalid"),
        ("update client set scopes = 'keeper-changes:read events' where client_id = @ClientId", "scope.missing"),
    ];

    // Each is what a call can be like that does not come to be decided, or that was decided before.
    static readonly (string Kind, Action<HttpRequestMessage> Spoil)[] Calls =
    [
        (Good, _ => { }),
        ("a repeat", request => Key(request, "first")),
        ("a key used for another body", request => Key(request, "other")),
        ("no key", request => request.Headers.Remove("Idempotency-Key")),
        ("a bad key", request => Key(request, "a b")),
        ("no JSON", request => request.Content = Json("{ no JSON")),
        ("another media type", request => request.Content = new StringContent("<a/>", Encoding.UTF8, "text/xml")),
        ("an encoding", request => request.Content!.Headers.ContentEncoding.Add("gzip")),
        ("too large", request => request.Content = Json($"{{\"a\":\"{new string('a', 70_000)}\"}}")),
    ];

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task At_the_very_next_call_a_loss_is_answered_as_by_a_call_that_asks_beforehand(string database)
    {
        await using var host = await TokenHost.Start(database);
        var other = await host.Organisation();

        foreach (var (sql, code) in Losses)
        foreach (var (kind, spoil) in Calls)
        {
            var partner = await host.WithSecret();
            var token = await host.Token(partner);
            // The first asks beforehand, the second no longer does.
            foreach (var key in new[] { "first", "other" })
            {
                var decided = await Send(host, token, request => Key(request, key), key == "other" ? 1 : 0);
                Assert.Equal(HttpStatusCode.UnprocessableEntity, decided.Answer.Status);
            }
            var before = await Count(host, partner);

            await host.Ask<int>(
                sql,
                new
                {
                    host.Now,
                    partner.Organisation,
                    partner.ClientId,
                    Other = other,
                }
            );

            var lost = await Send(host, token, spoil);
            Assert.True(code == lost.Answer.Text("code"), $"{sql}: {kind} was answered {lost.Answer.Body}");
            Assert.Equal(before, await Count(host, partner));
            var asked = await Send(host, token, _ => { }, path: "v1/keeper-changes/validate");
            Assert.Equal(Told(asked), Told(lost));
            // Nor is it presumed again.
            Assert.Equal(Told(asked), Told(await Send(host, token, spoil)));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_a_client_has_lost_and_gets_back_holds_at_the_very_next_call(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        var token = await host.Token(partner);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Send(host, token, _ => { })).Answer.Status);
        var scopes = await host.Ask<string>("select scopes from client");

        foreach (
            var (lost, back) in new[]
            {
                ("scopes = ''", $"scopes = '{scopes}'"),
                ("removed_at = @Now", "removed_at = null"),
            }
        )
        {
            await host.Ask<int>($"update client set {lost}", new { host.Now });
            Assert.Contains((int)(await Send(host, token, _ => { })).Answer.Status, new[] { 401, 403 });
            await host.Ask<int>($"update client set {back}");
            for (var i = 0; i < 2; i++)
                Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Send(host, token, _ => { })).Answer.Status);
        }
    }

    [Theory]
    [InlineData(null, "HTTP/1.1 400 ")]
    [InlineData("update client set removed_at = @Now", "HTTP/1.1 401 ")]
    public async Task Whoever_is_no_longer_in_force_is_told_so_when_the_body_breaks_off(string? loss, string status)
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Send(host, token, _ => { })).Answer.Status);
        if (loss is not null)
            await host.Ask<int>(loss, new { host.Now });
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Http.BaseAddress!.Host, host.Http.BaseAddress.Port);

        await connection
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /v1/keeper-changes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n"
                        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n"
                )
            );
        using var reader = new StreamReader(connection.GetStream());

        Assert.StartsWith(status, await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    /// <summary>All that a caller and our log are told.</summary>
    static (HttpStatusCode, string, string, string) Told((Answer Answer, string Log) call)
    {
        var problem = call.Answer.Json;
        problem.Remove("requestId");
        return (call.Answer.Status, problem.ToJsonString(), call.Answer.Authenticate, call.Log);
    }

    static async Task<(Answer Answer, string Log)> Send(
        TokenHost host,
        string token,
        Action<HttpRequestMessage> spoil,
        int mileage = 0,
        string path = "v1/keeper-changes"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(Notice(mileage)) };
        request.Headers.Add("Idempotency-Key", Partner.NewKey());
        spoil(request);
        var logged = host.Log.Lines.Count();
        var answer = await host.Send(request, "Bearer " + token);
        var told = host
            .Log.Lines.Skip(logged)
            .Where(line => line.StartsWith("TradeApi.Tokens.Bearer", StringComparison.Ordinal));
        return (answer, string.Join('\n', told));
    }

    // Of a vehicle that there is not, with a wrong proof.
    static string Notice(int mileage) =>
        Notices
            .Disposal(new TestVehicle("AB20 ABC", "20000000000", ""), reference: "ONE")
            .With("mileage", JsonValue.Create(mileage))
            .ToJsonString();

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    static void Key(HttpRequestMessage request, string key)
    {
        request.Headers.Remove("Idempotency-Key");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
    }

    /// <summary>What the live register has kept of a partner's calls: its notices, its keys and how often its proofs were judged.</summary>
    static async Task<string> Count(TokenHost host, TestClient partner)
    {
        await using var connection = await host.Stores.Live.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select (select count(*) from keeper_change where submitted_by = '{partner.Organisation}') || ' '
                || (select count(*) from idempotency_key where client_id = '{partner.ClientId}') || ' '
                || (select coalesce(sum(notices), 0) from proof_hour where organisation_id = '{partner.Organisation}')
            """;
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
