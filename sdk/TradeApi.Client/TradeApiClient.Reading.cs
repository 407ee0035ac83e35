using System.Net;
using System.Runtime.CompilerServices;

namespace TradeApi.Client;

public sealed partial class TradeApiClient
{
    const int LargestPage = 200;

    /// <summary>
    /// What the record says of a vehicle to everybody in the trade: make, colour, tax, MOT, salvage category and the state
    /// of the record, nothing of persons or documents. Needs the scope <c>vehicles:read</c>.
    /// </summary>
    /// <param name="registrationNumber">The mark, in every spelling that a notice may have.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The record; null when no vehicle bears the mark.</returns>
    /// <exception cref="TradeApiException">The mark cannot be read (status 422, with a finding), or no answer.</exception>
    public Task<VehicleEnquiry?> EnquireAsync(
        string registrationNumber,
        CancellationToken cancellationToken = default
    ) =>
        NullWhenNotFound(
            Core.EnquireVehicleAsync(new VehicleQuestion { RegistrationNumber = registrationNumber }, cancellationToken)
        );

    /// <summary>
    /// Who was the registered keeper on a day. For insurers, and for others by contract (scope <c>keepers:read</c>). The
    /// service records each look-up with its purpose and case reference, also one that finds nothing.
    /// </summary>
    /// <param name="registrationNumber">The mark, in every spelling that a notice may have.</param>
    /// <param name="date">The day, not after today by the date in London.</param>
    /// <param name="purpose">What the answer is needed for, 1–200 characters.</param>
    /// <param name="caseReference">Your own case, 1–64 characters.</param>
    /// <param name="cancellationToken">Ends the call; the look-up may be recorded all the same.</param>
    /// <returns>
    /// The answer, without <see cref="KeeperAtDate.Keeper"/> when nobody was on the record that day; null when no vehicle
    /// bears the mark.
    /// </returns>
    /// <exception cref="TradeApiException">
    /// You may not ask (status 403), a value is wrong (status 422, with findings), or no answer.
    /// </exception>
    public Task<KeeperAtDate?> KeeperAtDateAsync(
        string registrationNumber,
        DateOnly date,
        string purpose,
        string caseReference,
        CancellationToken cancellationToken = default
    ) =>
        NullWhenNotFound(
            Core.GetKeeperAtDateAsync(
                new KeeperQuestion
                {
                    RegistrationNumber = registrationNumber,
                    Date = date,
                    Purpose = purpose,
                    CaseReference = caseReference,
                },
                cancellationToken
            )
        );

    /// <summary>
    /// The vehicles whose keeper bears one of your organisation's fleet numbers, in a stable order; pages are fetched as
    /// they are needed. Needs the scope <c>vehicles:read</c>.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TradeApiException">The call was not answered.</exception>
    public async IAsyncEnumerable<FleetVehicle> FleetVehiclesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string? cursor = null;
        do
        {
            var page = await Core.ListFleetVehiclesAsync(cursor, LargestPage, cancellationToken).ConfigureAwait(false);
            foreach (var vehicle in page.Items)
                yield return vehicle;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>
    /// The notices on a vehicle that your organisation sent or that were sent for it, the last received first; pages are
    /// fetched as they are needed. None at all says nothing of the vehicle.
    /// </summary>
    /// <param name="registrationNumber">The mark, in every spelling that a notice may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TradeApiException">The mark cannot be read (status 422, with a finding), or no answer.</exception>
    public async IAsyncEnumerable<KeeperChange> HistoryAsync(
        string registrationNumber,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string? cursor = null;
        do
        {
            var question = new HistoryQuestion
            {
                RegistrationNumber = registrationNumber,
                Cursor = cursor,
                Limit = LargestPage,
            };
            var page = await Core.GetVehicleHistoryAsync(question, cancellationToken).ConfigureAwait(false);
            foreach (var notice in page.Items)
                yield return notice;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>
    /// Notices that your organisation sent or that were sent for it, the last received first; pages are fetched as they
    /// are needed.
    /// </summary>
    /// <param name="question">What they are looked for by; null, or without members, finds all of them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TradeApiException">A value is wrong (status 422, with findings), or no answer.</exception>
    public async IAsyncEnumerable<KeeperChange> SearchKeeperChangesAsync(
        KeeperChangeQuestion? question = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var cursor = question?.Cursor;
        do
        {
            // The question stays the caller's, who may ask it again.
            var next = new KeeperChangeQuestion
            {
                RegistrationNumber = question?.RegistrationNumber,
                ClientReference = question?.ClientReference,
                Outcome = question?.Outcome,
                Type = question?.Type,
                EventDateFrom = question?.EventDateFrom,
                EventDateTo = question?.EventDateTo,
                ReceivedFrom = question?.ReceivedFrom,
                ReceivedTo = question?.ReceivedTo,
                Limit = question?.Limit ?? LargestPage,
                Cursor = cursor,
            };
            var page = await Core.SearchKeeperChangesAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var notice in page.Items)
                yield return notice;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>Every code that a finding may have: what it means, who must act, what to do, and how to meet it in the sandbox.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The call was not answered.</exception>
    public async Task<IReadOnlyList<ReasonCode>> ReasonCodesAsync(CancellationToken cancellationToken = default) =>
        (await Core.ListReasonCodesAsync(cancellationToken).ConfigureAwait(false)).Items;

    static async Task<T?> NullWhenNotFound<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (TradeApiException none) when (none is { Status: (int)HttpStatusCode.NotFound, Code: "not-found" })
        {
            return null;
        }
    }
}
