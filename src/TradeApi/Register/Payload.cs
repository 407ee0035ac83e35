namespace TradeApi.Register;

/// <summary>
/// What partners wrote in the single notices of a batch, text after text: one row for many. Its id is that of none of them, so
/// that a notice whose text is erased, and which then names no payload, finds none.
/// </summary>
sealed class Payload
{
    // Longer ones would only have to be read whole for one notice.
    const int MostBytes = 1024 * 1024;

    readonly List<byte[]> texts = [];

    public required Guid PayloadId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public int NoticeCount => texts.Count;

    public int Length { get; private set; }

    public bool HasRoomFor(byte[] text) => Length + text.Length <= MostBytes;

    /// <summary>Adds the text of a notice, which names the payload and its place there.</summary>
    public void Add(DecidedNotice decided, byte[] text)
    {
        (decided.PayloadId, decided.PayloadStart, decided.PayloadLength) = (PayloadId, Length, text.Length);
        texts.Add(text);
        Length += text.Length;
    }

    /// <summary>The texts, one after the other.</summary>
    public byte[] Content()
    {
        if (texts is [var only])
            return only;
        var content = new byte[Length];
        var end = 0;
        foreach (var text in texts)
        {
            text.CopyTo(content, end);
            end += text.Length;
        }
        return content;
    }

    /// <summary>Joins the payload <c>p</c> of a single notice, <c>keeper_change k</c>; one from before 0018 has its own.</summary>
    public const string OfNotice = "payload p on p.payload_id = coalesce(k.payload_id, k.keeper_change_id)";

    /// <summary>What was written in the notice.</summary>
    public const string TextOfNotice =
        "substr(p.content, coalesce(k.payload_start, 0) + 1, coalesce(k.payload_length, length(p.content)))";
}
