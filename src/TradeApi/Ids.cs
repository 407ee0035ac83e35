namespace TradeApi;

/// <summary>Ids as partners see them: a prefix that says of what, and a UUIDv7 in 32 hexadecimal digits.</summary>
static class Ids
{
    public static string KeeperChange(Guid id) => "kc_" + id.ToString("N");

    public static string Submission(Guid id) => "sub_" + id.ToString("N");

    public static string Dispute(Guid id) => "dis_" + id.ToString("N");

    /// <summary>The UUID behind the prefix; false for everything that is not exactly such an id.</summary>
    public static bool TryRead(string prefix, string text, out Guid id)
    {
        id = default;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && Guid.TryParseExact(text.AsSpan(prefix.Length), "N", out id);
    }
}
