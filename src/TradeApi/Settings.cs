namespace TradeApi;

/// <summary>What an operator sets, by the usual configuration of .NET: environment variables, <c>appsettings.json</c>, arguments.</summary>
sealed class Settings
{
    /// <summary><c>TradeApi__Database</c>: <c>sqlite</c> (embedded, the default) or <c>postgres</c>.</summary>
    public string Database { get; private init; } = "sqlite";

    /// <summary><c>TradeApi__DataDirectory</c>: where the SQLite files lie; <c>data</c> in the working directory by default.</summary>
    public string DataDirectory { get; private init; } = "data";

    /// <summary><c>ConnectionStrings__TradeApi</c>: the PostgreSQL database, needed with <c>postgres</c>.</summary>
    public string ConnectionString { get; private init; } = "";

    /// <summary>
    /// <c>TradeApi__Issuer</c>: the address that partners know this service by. It is the issuer of tokens and the only
    /// audience of client assertions, so it must not follow a request's Host header; by default it is the first address
    /// of <c>ASPNETCORE_URLS</c>.
    /// </summary>
    public Uri Issuer { get; private init; } = new("http://localhost:5000/");

    /// <exception cref="InvalidOperationException">A setting is missing or cannot be read; the message names it.</exception>
    public static Settings From(IConfiguration configuration)
    {
        var section = configuration.GetSection("TradeApi");
        if (
            section["Database"] == "postgres"
            && string.IsNullOrWhiteSpace(configuration.GetConnectionString("TradeApi"))
        )
            throw new InvalidOperationException(
                "TradeApi__Database is 'postgres', so ConnectionStrings__TradeApi must be set."
            );
        return new Settings
        {
            Database = section["Database"] ?? "sqlite",
            DataDirectory = section["DataDirectory"] ?? "data",
            ConnectionString = configuration.GetConnectionString("TradeApi") ?? "",
            // With a slash at its end, so that the addresses of our pages can be made from it.
            Issuer = IssuerFrom((section["Issuer"] ?? FirstAddress(configuration["urls"])).TrimEnd('/') + "/"),
        };
    }

    static Uri IssuerFrom(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var issuer) && issuer is { Scheme: "http" or "https" }
            ? issuer
            : throw new InvalidOperationException(
                $"TradeApi__Issuer is '{text}'; it must be an http or https address."
            );

    static string FirstAddress(string? urls)
    {
        var first = urls
            ?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault();
        return first is null
            ? "http://localhost:5000/"
            : first
                .Replace("//*", "//localhost")
                .Replace("//+", "//localhost")
                .Replace("//0.0.0.0", "//localhost")
                .Replace("//[::]", "//localhost");
    }
}
