using TradeApi.Client;

namespace DealerDms;

/// <summary>Where the host is and who we are, from arguments or the environment.</summary>
sealed record Setup(Uri Address, ClientCredentials Credentials)
{
    public static Setup? Read(string[] args)
    {
        var address = Value(args, "--url", "TRADEAPI_URL");
        var clientId = Value(args, "--client-id", "TRADEAPI_CLIENT_ID");
        // Better in the environment: others on this machine can read arguments.
        var secret = Value(args, "--client-secret", "TRADEAPI_CLIENT_SECRET");
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && clientId is not null && secret is not null)
            return new Setup(uri, ClientCredentials.FromSecret(clientId, secret));
        Console.Error.WriteLine(
            "Set TRADEAPI_URL, TRADEAPI_CLIENT_ID and TRADEAPI_CLIENT_SECRET, or give --url, --client-id and --client-secret."
        );
        return null;
    }

    /// <summary>Today where the register is. Dates of events are dates of Europe/London, wherever the software runs.</summary>
    public static DateOnly Today() =>
        DateOnly.FromDateTime(
            TimeZoneInfo
                .ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/London"))
                .Date
        );

    static string? Value(string[] args, string argument, string variable)
    {
        var at = Array.IndexOf(args, argument);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : Environment.GetEnvironmentVariable(variable);
    }
}
