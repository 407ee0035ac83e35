using TradeApi.Database;
using TradeApi.Disputes;
using TradeApi.Events;
using TradeApi.Http;
using TradeApi.KeeperChanges;
using TradeApi.Ledger;
using TradeApi.Register;
using TradeApi.Submissions;
using TradeApi.Tokens;
using TradeApi.Vehicles;

namespace TradeApi;

/// <summary>The program as a server: API with token server, worker, or both in one process.</summary>
static class Server
{
    public static async Task<WebApplication> Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // One line a request is a line too many at thousands a second; an operator may turn it on again.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        adjust?.Invoke(builder);

        var settings = Settings.From(builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(Stores.From(settings));
        // What is under way has its half a minute after the leaving, not what that has left of it.
        builder.Services.PostConfigure<HostOptions>(host => host.ShutdownTimeout += settings.Leave);
        builder.Services.AddSingleton<Registers>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Registers>());
        builder.Services.AddSingleton<SubmissionSignals>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Readiness>());
        if (settings.Roles.Contains("worker"))
            builder.Services.AddHostedService<SubmissionWorker>();
        if (settings.Roles.Contains("api"))
        {
            builder.Services.AddSingleton<Receipt>();
            builder.Services.AddSingleton<DisputeStore>();
            builder.Services.AddTokens();
            builder.Services.AddContract();
        }

        var app = builder.Build();
        await Migrator.Run(app.Services.GetRequiredService<Stores>(), app.Services.GetRequiredService<TimeProvider>());

        app.UseAnswers();
        app.UseReadiness();
        app.MapHealth();
        if (settings.Roles.Contains("api"))
            MapApi(app);
        return app;
    }

    static void MapApi(WebApplication app)
    {
        app.MapTokens();
        app.MapContract();
        app.MapProblemPages();
        var v1 = app.MapGroup("/v1");
        v1.MapKeeperChanges();
        v1.MapSubmissions();
        v1.MapSearch();
        v1.MapReasonCodes();
        v1.MapEnquiry();
        v1.MapKeeperAtDate();
        v1.MapHistory();
        v1.MapFleet();
        v1.MapDisputes();
        v1.MapEvents();
    }
}
