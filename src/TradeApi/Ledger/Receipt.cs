using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using TradeApi.Http;
using TradeApi.KeeperChanges;
using TradeApi.Register;
using TradeApi.Tokens;

namespace TradeApi.Ledger;

/// <summary>
/// The receipt of an accepted or referred notice: a signed statement (JWS, ES256) that can be checked years later with
/// the published keys. What was notified stands in it as a digest only; whoever has the notice and the salt can show
/// that they belong together.
/// </summary>
sealed class Receipt(Settings settings, SigningKeys keys, TimeProvider clock)
{
    public const string MediaType = "application/jose";

    static readonly JsonWebTokenHandler Jws = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<string> Sign(DecidedNotice notice, string environment, CancellationToken cancel)
    {
        var key = (await keys.Current(cancel)).Signing(KeyPurpose.Receipt, clock.GetUtcNow());
        return Jws.CreateToken(
            JsonSerializer.Serialize(StatementOf(notice, environment), Json.Options),
            key.Credentials,
            new Dictionary<string, object> { ["typ"] = "receipt+jwt" }
        );
    }

    ReceiptStatement StatementOf(DecidedNotice notice, string environment) =>
        new()
        {
            Iss = settings.Issuer.AbsoluteUri,
            Reference = ReceiptAnswer.ReferenceOf(notice.LedgerPosition!.Value, environment),
            KeeperChange = Ids.KeeperChange(notice.KeeperChangeId),
            Environment = environment,
            Type = notice.Type,
            Outcome = notice.Outcome,
            OnBehalfOf = notice.OrganisationId,
            SubmittedBy = notice.SubmittedBy,
            ClientReference = notice.ClientReference,
            EventDate = notice.EventDate,
            ReceivedAt = Leaf.Instant(notice.ReceivedAt),
            DecidedAt = Leaf.Instant(notice.DecidedAt),
            Digest = Convert.ToHexStringLower(notice.Digest),
            Salt = notice.Salt is null ? null : Convert.ToHexStringLower(notice.Salt),
            LedgerPosition = notice.LedgerPosition.Value,
            LeafHash = Convert.ToHexStringLower(Leaf.Hash(notice)),
        };

    /// <summary>What a receipt says. `openapi/guide/receipts.md` explains how each member is checked.</summary>
    sealed record ReceiptStatement
    {
        public required string Iss { get; init; }
        public required string Reference { get; init; }
        public required string KeeperChange { get; init; }
        public required string Environment { get; init; }
        public required string Type { get; init; }
        public required string Outcome { get; init; }
        public required string OnBehalfOf { get; init; }
        public required string SubmittedBy { get; init; }
        public string? ClientReference { get; init; }
        public DateOnly? EventDate { get; init; }
        public required string ReceivedAt { get; init; }
        public required string DecidedAt { get; init; }
        public required string Digest { get; init; }
        public string? Salt { get; init; }
        public required long LedgerPosition { get; init; }
        public required string LeafHash { get; init; }
    }
}
