using System.Runtime.CompilerServices;

namespace TradeApi.Client;

public sealed partial class TradeApiClient
{
    /// <summary>
    /// Takes an accepted notice back: for 28 days, and only while it is the vehicle's last event. A refusal by the rules
    /// is a result too.
    /// </summary>
    /// <param name="keeperChangeId">The notice's id, <c>kc_…</c>.</param>
    /// <param name="reversal">Your reference of the reversal, and why; may be null.</param>
    /// <param name="idempotencyKey">A key of your own; one is made when this is null.</param>
    /// <param name="cancellationToken">Ends the call. Whether the notice was taken back is then open: send it again with the same key.</param>
    /// <returns>The reversal as a notice of its own, with a receipt.</returns>
    /// <exception cref="TradeApiException">The call was not answered or was wrong in itself; status 404: there is no such notice of yours.</exception>
    public Task<NoticeResult> ReverseAsync(
        string keeperChangeId,
        ReversalAsked? reversal = null,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default
    ) =>
        PostNotice(
            $"v1/keeper-changes/{Uri.EscapeDataString(keeperChangeId)}/reversal",
            reversal ?? new ReversalAsked(),
            idempotencyKey,
            cancellationToken
        );

    /// <summary>
    /// Puts an accepted notice right, for 28 days: the event date, the mileage, the new keeper's name or address, each
    /// whole. A refusal by the rules is a result too.
    /// </summary>
    /// <param name="keeperChangeId">The notice's id, <c>kc_…</c>.</param>
    /// <param name="correction">What is to stand in place of what was notified.</param>
    /// <param name="idempotencyKey">A key of your own; one is made when this is null.</param>
    /// <param name="cancellationToken">Ends the call. Whether the notice was corrected is then open: send it again with the same key.</param>
    /// <returns>The correction as a notice of its own, with a receipt.</returns>
    /// <exception cref="TradeApiException">The call was not answered or was wrong in itself; status 404: there is no such notice of yours.</exception>
    public Task<NoticeResult> CorrectAsync(
        string keeperChangeId,
        CorrectionAsked correction,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(correction);
        return PostNotice(
            $"v1/keeper-changes/{Uri.EscapeDataString(keeperChangeId)}/correction",
            correction,
            idempotencyKey,
            cancellationToken
        );
    }

    /// <summary>Disputes a notice by another organisation on a vehicle that yours has held or kept.</summary>
    /// <param name="dispute">The notice by its id or the vehicle by its mark, and why.</param>
    /// <param name="cancellationToken">Ends the call. A dispute that is open already is refused, so a repeat does no harm.</param>
    /// <exception cref="TradeApiException">The dispute was refused (status 422, with findings), there is nothing that you may dispute (404), or no answer.</exception>
    public Task<Dispute> OpenDisputeAsync(DisputeAsked dispute, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dispute);
        return Core.OpenDisputeAsync(dispute, cancellationToken);
    }

    /// <summary>A dispute of yours, and how staff of the register have closed it.</summary>
    /// <param name="disputeId">Its id, <c>dis_…</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">There is no such dispute of yours (status 404), or no answer.</exception>
    public Task<Dispute> GetDisputeAsync(string disputeId, CancellationToken cancellationToken = default) =>
        Core.GetDisputeAsync(disputeId, cancellationToken);

    /// <summary>Your organisation's disputes, the newest first; pages are fetched as they are needed.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TradeApiException">The call was not answered.</exception>
    public async IAsyncEnumerable<Dispute> ListDisputesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string? cursor = null;
        do
        {
            var page = await Core.ListDisputesAsync(cursor, LargestPage, cancellationToken).ConfigureAwait(false);
            foreach (var dispute in page.Items)
                yield return dispute;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>
    /// Your organisation's next events, in the order of the ledger. Keep <see cref="EventPage.NextCursor"/> and ask again
    /// with it: nothing is missed and nothing comes twice.
    /// </summary>
    /// <param name="cursor">Where the page before ended; null from the beginning.</param>
    /// <param name="types">Only events of these types; null for all.</param>
    /// <param name="wait">How long to wait when there is no event yet, at most 30 seconds; full seconds count.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The call was wrong in itself or was not answered.</exception>
    public Task<EventPage> ReadEventsAsync(
        string? cursor = null,
        IEnumerable<string>? types = null,
        TimeSpan wait = default,
        CancellationToken cancellationToken = default
    ) =>
        Core.ListEventsAsync(
            cursor,
            types is null ? null : string.Join(',', types),
            wait == default ? null : (int)wait.TotalSeconds,
            LargestPage,
            cancellationToken
        );
}
