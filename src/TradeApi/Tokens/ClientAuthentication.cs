using System.Buffers;
using System.Net;

namespace TradeApi.Tokens;

/// <summary>A client that has proved itself, and with what.</summary>
sealed record ProvedClient(Client Client, Credential Credential);

/// <summary>
/// The checklist by which a client proves itself, in order. Everything up to the proof runs alike for clients that we
/// know and clients that we do not; only who has proved to be the client learns anything of its state.
/// </summary>
sealed class ClientAuthentication(
    ClientStore clients,
    FailureThrottle throttle,
    Settings settings,
    TimeProvider clock,
    ILogger<ClientAuthentication> log
)
{
    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The one sentence for unknown clients, wrong secrets and wrong signatures.</summary>
    public const string NotProved = "The client is not known, or its secret or signature is not right.";

    public async Task<(ProvedClient? Proved, TokenError? Error)> Check(
        ClientProof proof,
        IPAddress? address,
        CancellationToken cancel
    )
    {
        if (throttle.Wait(proof.ClientId, address) is { } wait)
            return Throttled(proof, wait);

        ClientAssertion? assertion = null;
        if (proof.Assertion is not null)
        {
            (assertion, var failing) = ClientAssertion.Check(
                proof.Assertion,
                settings.Issuer.AbsoluteUri,
                clock.GetUtcNow()
            );
            if (assertion is null)
                return Refused(proof, "assertion", failing!);
        }

        var client = await clients.Find(proof.ClientId, cancel) ?? Client.Unknown;

        var credential = assertion is null ? Secrets.Matching(client, proof.Secret!) : assertion.SignedBy(client);
        if (credential is null)
            return Failed(proof, address, "proof", NotProved);

        if (!client.InForce)
            return Refused(proof, "suspended", "The client or its organisation is not in force in this environment.");

        if (
            assertion is not null
            && !await clients.UseUp(client.ClientId, assertion.Jti, assertion.ExpiresAt + ClientAssertion.Skew, cancel)
        )
            return Failed(proof, address, "replay", "The assertion is refused: its 'jti' was used before.");

        await clients.NoteUse(client, credential, cancel);
        return (new ProvedClient(client, credential), null);
    }

    (ProvedClient?, TokenError?) Failed(ClientProof proof, IPAddress? address, string reason, string description)
    {
        throttle.Failed(proof.ClientId, address);
        return throttle.Wait(proof.ClientId, address) is { } wait
            ? Throttled(proof, wait)
            : Refused(proof, reason, description);
    }

    (ProvedClient?, TokenError?) Refused(ClientProof proof, string reason, string description)
    {
        log.LogInformation("client.rejected {Reason} {Client}", reason, Named(proof.ClientId));
        return (null, TokenError.InvalidClient(description));
    }

    (ProvedClient?, TokenError?) Throttled(ClientProof proof, TimeSpan wait)
    {
        log.LogInformation("client.throttled {Client}", Named(proof.ClientId));
        return (
            null,
            new TokenError(
                "temporarily_unavailable",
                "Too many failed attempts for this client from this address: wait as Retry-After says.",
                wait
            )
        );
    }

    // Who mixes up the two fields sends a secret as the client_id: only what looks like an id of ours is written down.
    static string Named(string clientId) =>
        clientId.Length == 36
        && clientId.StartsWith("cli_", StringComparison.Ordinal)
        && clientId.AsSpan(4).IndexOfAnyExcept(HexDigits) < 0
            ? clientId
            : "(no id of ours)";
}
