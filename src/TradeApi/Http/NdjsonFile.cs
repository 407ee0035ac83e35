using System.Text;
using System.Text.Json;

namespace TradeApi.Http;

/// <summary>Writes a list as NDJSON, one item a line, as it comes: however long, it is never held in memory.</summary>
static class NdjsonFile
{
    public static async Task Write<T>(Stream output, IAsyncEnumerable<T> items, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(
            output,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            32 * 1024,
            leaveOpen: true
        )
        {
            NewLine = "\n",
        };
        await foreach (var item in items.WithCancellation(cancel))
            await writer.WriteLineAsync(JsonSerializer.Serialize(item, Json.Options));
    }
}
