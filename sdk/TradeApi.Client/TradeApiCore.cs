using System.Text.Json;
using System.Text.Json.Serialization;

namespace TradeApi.Client;

/// <summary>
/// Every operation of the contract as it stands there, generated from <c>openapi/v1.json</c>. <see cref="TradeApiClient"/>
/// is the comfortable way; <see cref="TradeApiClient.Core"/> is for what it has no word of its own for.
/// </summary>
public partial class TradeApiCore
{
    /// <summary>How the core writes and reads JSON: absent members are left out, never null.</summary>
    internal static JsonSerializerOptions Json => _settings.Value;

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}

/// <summary>The generated core's name for an error with a body. Errors become <see cref="TradeApiException"/> before the core sees them.</summary>
sealed class TradeApiException<TResult>(
    string message,
    int status,
    string? body,
    IReadOnlyDictionary<string, IEnumerable<string>> headers,
    TResult result,
    Exception? innerException
) : TradeApiException(message, status, body, headers, innerException)
{
    public TResult Result => result;
}
