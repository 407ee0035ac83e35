namespace TradeApi.Http;

/// <summary>Reading of request headers that more than one slice needs.</summary>
static class Headers
{
    /// <summary>The Idempotency-Key, with or without the quotes of a structured field; or the problem with it.</summary>
    public static (string Key, Problem? Problem) IdempotencyKey(HttpRequest request)
    {
        var values = request.Headers["Idempotency-Key"];
        if (values.Count == 0)
            return (
                "",
                Problems.KeyMissing.Because("Send a key of your own, new for each call and the same for its repeats.")
            );
        var text = values.ToString();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
            text = text[1..^1];
        return IsKey(text) && values.Count == 1
            ? (text, null)
            : (
                "",
                Problems.KeyMalformed.Because(
                    "Use 1 to 255 visible ASCII characters, for instance a UUID, in one header."
                )
            );
    }

    public static bool IsKey(string text) =>
        text.Length is >= 1 and <= 255 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
