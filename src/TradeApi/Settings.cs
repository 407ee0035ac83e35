using System.Globalization;

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

    /// <summary>
    /// <c>TradeApi__Roles</c>: what this process does, <c>api</c> (API and token server), <c>worker</c> (decides the rows of
    /// files) or both, the default: <c>api,worker</c>. On SQLite, which has one node, it is both.
    /// </summary>
    public IReadOnlySet<string> Roles { get; private init; } = AllRoles;

    /// <summary>
    /// <c>TradeApi__LeaveSeconds</c>: how long a process that is asked to end goes on answering first, telling those who
    /// spread calls over nodes that it leaves: longer than they take to notice. 0 by default.
    /// </summary>
    public TimeSpan Leave { get; private init; }

    static readonly HashSet<string> AllRoles = new(["api", "worker"], StringComparer.Ordinal);

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
            Roles = RolesFrom(section["Roles"] ?? "api,worker", section["Database"] ?? "sqlite"),
            Leave = LeaveFrom(section["LeaveSeconds"] ?? "0"),
        };
    }

    static HashSet<string> RolesFrom(string text, string database)
    {
        var roles = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
        if (roles.Count == 0 || !roles.IsSubsetOf(AllRoles))
            throw new InvalidOperationException(
                $"TradeApi__Roles is '{text}'; it must be 'api', 'worker' or 'api,worker'."
            );
        if (database == "sqlite" && roles.Count == 1)
            throw new InvalidOperationException(
                "TradeApi__Roles parts API and worker, which needs TradeApi__Database to be 'postgres': SQLite has one node."
            );
        return roles;
    }

    static TimeSpan LeaveFrom(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 20
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidOperationException(
                $"TradeApi__LeaveSeconds is '{text}'; it must be a whole number of seconds from 0 to 20."
            );

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
