namespace TradeApi.Client.Transport;

/// <summary>Base64 as JOSE writes it (RFC 7515, 2); the framework has it from .NET 9 on only.</summary>
static class Base64Url
{
    public static string Encode(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The bytes, or null when the text is no base64url.</summary>
    public static byte[]? TryDecode(string text)
    {
        if (text.Any(letter => letter is '+' or '/' or '='))
            return null;
        var padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var written) ? bytes[..written] : null;
    }
}
