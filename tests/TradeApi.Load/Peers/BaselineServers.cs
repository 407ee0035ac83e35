using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.KeeperChanges;
using TradeApi.Load.Running;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Load.Peers;

/// <summary>
/// What the program is measured against, each in a process of its own and behind the program's own check of the token:
/// itself with a transaction for each notice, and an endpoint that does nothing but read the notice.
/// </summary>
static class BaselineServers
{
    public const string Alone = "alone";
    public const string Bare = "bare";

    public const string AlonePath = "/v1/baseline/alone";
    public const string BarePath = "/baseline/bare";

    public static Command Build()
    {
        var which = new Argument<string>("which");
        which.AcceptOnlyFromAmong(Alone, Bare);
        var command = new Command("baseline", "Serves what the program is compared with.") { which };
        command.Hidden = true;
        command.SetAction(
            async (arguments, _) =>
            {
                await using var app = arguments.GetRequiredValue(which) == Alone ? await BuildAlone() : BuildBare();
                await app.RunAsync();
                return 0;
            }
        );
        return command;
    }

    /// <summary>A baseline on a database, to be run as the program is.</summary>
    public static Host On(string connectionString, string which)
    {
        var settings = Host.PostgresSettings(connectionString);
        return new Host(settings) { ServedBy = [typeof(BaselineServers).Assembly.Location, "baseline", which] };
    }

    static async Task<WebApplication> BuildAlone()
    {
        var app = await Server.Build([]);
        app.MapPost(AlonePath, PostAlone).RequireScope(Scopes.KeeperChangesWrite);
        return app;
    }

    // As the program does it, but for the last step but one.
    static async Task<IResult> PostAlone(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var (key, _) = Headers.IdempotencyKey(http.Request);
        var body = await JsonBody.Read(http.Request, http.RequestAborted);
        var now = clock.Now();
        var notice = new Notice
        {
            Id = Guid.CreateVersion7(now),
            Change = KeeperChange.Read(body.Members, LondonDate.Of(now)),
            SubmittedBy = caller.OrganisationId,
            ClientId = caller.ClientId,
            ReceivedAt = now,
            Payload = body.Bytes,
            Key = new IdempotencyKey(key, body.Fingerprint()),
        };
        var answers = await registers.Of(caller.Environment).Apply([notice], mayRepeat: false);
        return KeeperChangeEndpoints.ToResult(http, answers[0].Decision!, caller.Environment);
    }

    static WebApplication BuildBare()
    {
        Types.Register();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        var settings = Settings.From(builder.Configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(Stores.From(settings));
        builder.Services.AddTokens();
        var app = builder.Build();
        app.MapTokens();
        app.MapPost(BarePath, PostBare).RequireScope(Scopes.KeeperChangesWrite);
        return app;
    }

    static IResult PostBare(BareNotice notice) =>
        Microsoft.AspNetCore.Http.Results.Json(
            new BareAnswer(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), notice.Type),
            statusCode: 201
        );

    sealed record BareNotice(
        string Type,
        string? ClientReference,
        string RegistrationNumber,
        string DocumentReferenceNumber,
        DateOnly EventDate,
        int? Mileage,
        bool KeeperConsent,
        bool? MarkRightsConsent,
        string? TaxChoice,
        BareKeeper? NewKeeper
    );

    sealed record BareKeeper(string? Title, string? FirstNames, string LastName, BareAddress Address);

    sealed record BareAddress(string Line1, string PostTown, string Postcode);

    sealed record BareAnswer(Guid Id, string Type);
}
