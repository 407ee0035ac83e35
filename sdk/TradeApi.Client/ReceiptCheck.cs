using System.Text.Json;
using System.Text.Json.Serialization;

namespace TradeApi.Client;

/// <summary>The result of checking a receipt.</summary>
public sealed class ReceiptCheck
{
    ReceiptCheck(ReceiptStatement? statement, string? failure)
    {
        Statement = statement;
        Failure = failure;
    }

    /// <summary>True when the register signed this receipt and it has not been changed.</summary>
    public bool IsGenuine => Statement is not null;

    /// <summary>What the receipt says; null unless it is genuine.</summary>
    public ReceiptStatement? Statement { get; }

    /// <summary>Which check failed, for a person; null when the receipt is genuine.</summary>
    public string? Failure { get; }

    internal static ReceiptCheck Genuine(ReceiptStatement statement) => new(statement, null);

    internal static ReceiptCheck Failed(string check) => new(null, check);
}

/// <summary>What a receipt says: that a notice was decided, for whom, when, and its place in the ledger.</summary>
public sealed class ReceiptStatement
{
    /// <summary>The issuer: the address of the service that signed.</summary>
    [JsonPropertyName("iss")]
    public string Issuer { get; init; } = "";

    /// <summary>The receipt's reference, to be quoted to the register.</summary>
    [JsonPropertyName("reference")]
    public string Reference { get; init; } = "";

    /// <summary>The notice's id.</summary>
    [JsonPropertyName("keeperChange")]
    public string KeeperChangeId { get; init; } = "";

    /// <summary><c>sandbox</c> or <c>live</c>: a receipt of the sandbox proves nothing about the register.</summary>
    [JsonPropertyName("environment")]
    public string Environment { get; init; } = "";

    /// <summary>The type of notice.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "";

    /// <summary><c>accepted</c> or <c>referred</c>.</summary>
    [JsonPropertyName("outcome")]
    public string Outcome { get; init; } = "";

    /// <summary>The organisation acted for.</summary>
    [JsonPropertyName("onBehalfOf")]
    public string OnBehalfOf { get; init; } = "";

    /// <summary>The organisation whose software sent the notice.</summary>
    [JsonPropertyName("submittedBy")]
    public string SubmittedBy { get; init; } = "";

    /// <summary>Your own reference.</summary>
    [JsonPropertyName("clientReference")]
    public string? ClientReference { get; init; }

    /// <summary>The day it happened, as notified.</summary>
    [JsonPropertyName("eventDate")]
    public DateOnly? EventDate { get; init; }

    /// <summary>When the notice was received.</summary>
    [JsonPropertyName("receivedAt")]
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was decided.</summary>
    [JsonPropertyName("decidedAt")]
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>The salted SHA-256 of what was notified, in hexadecimal.</summary>
    [JsonPropertyName("digest")]
    public string Digest { get; init; } = "";

    /// <summary>The salt of the digest, in hexadecimal; absent once the notice's personal data is erased.</summary>
    [JsonPropertyName("salt")]
    public string? Salt { get; init; }

    /// <summary>The place in the ledger, counted from 1.</summary>
    [JsonPropertyName("ledgerPosition")]
    public long LedgerPosition { get; init; }

    /// <summary>The hash of the ledger's leaf (RFC 9162), in hexadecimal.</summary>
    [JsonPropertyName("leafHash")]
    public string LeafHash { get; init; } = "";

    /// <summary>Members that this version of the SDK does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Members { get; init; }
}
