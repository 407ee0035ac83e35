using System.CommandLine;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>Access tokens a second beside those of a token server in JavaScript.</summary>
static class TokenBench
{
    const int Connections = 16;
    const int WarmUpSeconds = 12;
    const int RoundSeconds = 6;
    const int Rounds = 5;
    const string Peer = "oidc-provider";
    const string PeerSecret = "a-secret-of-the-benchmark-that-opens-nothing";

    public static Command Command()
    {
        var data = Options.Data();
        var command = new Command("token", "Access tokens by client credentials.") { data };
        command.SetAction((arguments, _) => Run(arguments.GetValue(data)));
        return command;
    }

    static async Task<int> Run(string? data)
    {
        await Wrk.Install();
        var report = await Report.For(
            "token",
            ("connections", Connections),
            ("rounds", Rounds),
            ("seconds of a round", RoundSeconds),
            ("seconds of warm-up", WarmUpSeconds),
            ("database", "PostgreSQL")
        );
        await using var server = await PostgresServer.Start(data);
        await using var register = await LoadedRegister.Make(server, 10_000);
        await register.Host.Serve();
        var credentials = await register.Host.AddClient(MadeUp.Trader);
        await using var peer = await NodePeer.Install(Peer, data, "oidc-provider@9");
        await peer.Serve(
            "oidc-provider.mjs",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CLIENT_ID"] = "client",
                ["CLIENT_SECRET"] = PeerSecret,
            }
        );

        var ours = await Ask(new Uri(register.Host.Address, "oauth2/token"), credentials);
        var theirs = await Ask(new Uri(peer.Address, "token"), new Credentials("client", PeerSecret));
        await ours(WarmUpSeconds);
        await theirs(WarmUpSeconds);
        var (ourRounds, theirRounds) = (new List<Posted>(), new List<Posted>());
        for (var round = 0; round < Rounds; round++)
        {
            ourRounds.Add(await ours(RoundSeconds));
            theirRounds.Add(await theirs(RoundSeconds));
        }

        var tokens = Spread.Of([.. ourRounds.Select(round => round.PerSecond)]);
        var theirTokens = Spread.Of([.. theirRounds.Select(round => round.PerSecond)]);
        report.Add(Figure.Of("tokens", tokens, "a second", Goal.RatioAtLeast(1)).Beside(Peer, theirTokens.Median));
        report.Add(Figure.Of($"tokens of {Peer}", theirTokens, "a second"));
        report.Add(
            Figure
                .Of("p99", Spread.Of([.. ourRounds.Select(round => round.P99)]), "ms")
                .Beside(Peer, Spread.Of([.. theirRounds.Select(round => round.P99)]).Median)
        );
        report.Add(Figure.Of("peak memory", register.Host.PeakMebibytes, "MiB").Beside(Peer, peer.PeakMebibytes));
        await report.Save();
        return report.AllMet ? 0 : 1;
    }

    static async Task<Func<int, Task<Posted>>> Ask(Uri address, Credentials credentials)
    {
        using var form = new FormUrlEncodedContent(credentials.Form);
        var bodies = new Bodies("application/x-www-form-urlencoded", await form.ReadAsStringAsync());
        return seconds => Wrk.Post(address, Connections, seconds, bodies);
    }
}
