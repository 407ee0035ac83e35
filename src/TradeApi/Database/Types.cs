using System.Data;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace TradeApi.Database;

/// <summary>
/// How ids, dates and instants are kept: native types on PostgreSQL; on SQLite texts that sort as they should
/// (lower-case UUIDs, <c>YYYY-MM-DD</c>, UTC instants in milliseconds).
/// </summary>
static class Types
{
    public const string DateFormat = "yyyy-MM-dd";
    public const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    static readonly Lock Gate = new();
    static bool registered;

    /// <summary>Must run before the first query: Dapper keeps what it has once worked out for a query.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered)
                return;
            registered = true;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            Handle(new GuidHandler());
            Handle(new DateHandler());
            Handle(new InstantHandler());
        }
    }

    /// <summary>The value as SQLite keeps it.</summary>
    public static object ForSqlite(object? value) =>
        value switch
        {
            null => DBNull.Value,
            Guid id => id.ToString("D"),
            DateOnly date => date.ToString(DateFormat, CultureInfo.InvariantCulture),
            DateTimeOffset instant => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture),
            _ => value,
        };

    static void Handle<T>(SqlMapper.TypeHandler<T> handler)
        where T : struct
    {
        // The built-in map would bypass the handler in writing.
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.RemoveTypeMap(typeof(T?));
        SqlMapper.AddTypeHandler(handler);
    }

    abstract class Handler<T> : SqlMapper.TypeHandler<T>
        where T : struct
    {
        public override void SetValue(IDbDataParameter parameter, T value) =>
            parameter.Value = parameter is SqliteParameter ? ForSqlite(value) : value;
    }

    sealed class GuidHandler : Handler<Guid>
    {
        public override Guid Parse(object value) => value is Guid id ? id : Guid.Parse((string)value);
    }

    sealed class DateHandler : Handler<DateOnly>
    {
        public override DateOnly Parse(object value) =>
            value switch
            {
                DateOnly date => date,
                DateTime date => DateOnly.FromDateTime(date),
                _ => DateOnly.ParseExact((string)value, DateFormat, CultureInfo.InvariantCulture),
            };
    }

    sealed class InstantHandler : Handler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            value is DateTime instant
                ? new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc))
                : DateTimeOffset.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
