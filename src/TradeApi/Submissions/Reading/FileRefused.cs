namespace TradeApi.Submissions.Reading;

/// <summary>A file that is refused as a whole: nothing of it is kept.</summary>
internal sealed class FileRefused(string code, int status, string message, int? line = null) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public int? Line { get; } = line;
}
