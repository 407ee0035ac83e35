using System.Globalization;
using TradeApi.Register;

namespace TradeApi.Ledger;

/// <summary>
/// A leaf of the ledger: what was decided, when, for whom and through whom, and a salted digest of what was notified.
/// It holds no personal data, so erasing a person never breaks a proof.
/// </summary>
static class Leaf
{
    /// <summary>
    /// The leaf hash of RFC 9162: SHA-256 over a zero byte and the leaf's text, one member a line, in this order, UTF-8, each
    /// line ended by a line feed.
    /// </summary>
    /// <remarks>All that stands in it are texts by then: a number would be written as the machine's culture has it.</remarks>
    public static byte[] Hash(DecidedNotice notice) =>
        Hashes.Of(
            [0],
            $"""
            tradeapi-leaf-v1
            keeperChange={Ids.KeeperChange(notice.KeeperChangeId)}
            type={notice.Type}
            outcome={notice.Outcome}
            onBehalfOf={notice.OrganisationId}
            submittedBy={notice.SubmittedBy}
            receivedAt={Instant(notice.ReceivedAt)}
            decidedAt={Instant(notice.DecidedAt)}
            digest={Convert.ToHexStringLower(notice.Digest)}

            """
        );

    /// <summary>An instant as it stands in leaves and receipts.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
