using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TradeApi.Ledger;

namespace TradeApi.Http;

/// <summary>How answers are written: camelCase, absent members left out, and letters of every language as they are.</summary>
static class Json
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        // Nothing here is ever put into a page of HTML unescaped.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcInstants());
        return options;
    }

    /// <summary>An answer in JSON.</summary>
    /// <param name="value">What is answered.</param>
    /// <param name="status">Its status.</param>
    public static IResult Answer<TValue>(TValue value, int status = StatusCodes.Status200OK) =>
        new Answered<TValue>(value, status);

    /// <summary>
    /// Writes an answer as a whole and says how long it is: who reads it sees whether it has all, and it takes less than piece
    /// by piece.
    /// </summary>
    public static Task Write<TValue>(
        HttpResponse response,
        TValue value,
        string mediaType = "application/json; charset=utf-8"
    )
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, Options);
        response.ContentType = mediaType;
        response.ContentLength = bytes.Length;
        // Of a caller who has gone away the server takes it and lets it drop.
        return response.Body.WriteAsync(bytes).AsTask();
    }

    sealed class Answered<TValue>(TValue value, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return Write(httpContext.Response, value);
        }
    }

    /// <summary>Instants are UTC, in milliseconds, and end with Z.</summary>
    sealed class UtcInstants : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Leaf.Instant(value));
    }
}
