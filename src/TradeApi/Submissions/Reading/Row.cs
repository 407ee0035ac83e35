using System.Runtime.InteropServices;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>
/// One row of a file, not yet decoded. <c>Number</c> counts data rows from 1, <c>Line</c> is the physical line where the
/// row starts. <c>Bytes</c> lie in the reader's buffer and are valid only until the next batch is asked for.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Row(int Number, int Line, ReadOnlyMemory<byte> Bytes, Fault? Fault);

/// <summary>How much one file may hold. <c>Bytes</c> counts the inflated file.</summary>
/// <param name="RowsInOtherEncodings">
/// Whether a row that is not UTF-8 is handed on, to be refused alone, where otherwise it refuses the file.
/// </param>
internal sealed record ReadLimits(
    int Rows = 1_000_000,
    long Bytes = ReadLimits.MostBytes,
    int RowBytes = 64 * 1024,
    bool RowsInOtherEncodings = false
)
{
    /// <summary>What a file may hold, unpacked.</summary>
    public const long MostBytes = 1L << 30;
}
