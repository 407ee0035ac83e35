using System.Globalization;

namespace TradeApi.Rules;

/// <summary>
/// Step 3: whether the sender has to do with the vehicle. One code stands for every way to fail, so that nobody learns
/// by trying whether a mark, a document or a VIN exists.
/// </summary>
public static class ProofRules
{
    /// <summary>The rules that every type of notice has.</summary>
    public static readonly IReadOnlyList<Rule> Common =
    [
        new(
            "vehicle.locked",
            "Too many wrong proofs were sent for this mark by the organisation acted for. Check them against the document in force and try again later.",
            @case => @case.LockedUntil is not null
        )
        {
            About = Fields.RegistrationNumber,
            // Rounded up: who tries again at the time that is told is not too early.
            Adding = @case =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The lock ends at {@case.LockedUntil!.Value.AddSeconds(1).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."
                ),
        },
        new(
            "vehicle.not-matched",
            "The mark and the proof do not belong together. Check the mark, and the number on the latest document, the VIN or the fleet number.",
            @case => @case.LockedUntil is null && !IsProved(@case)
        )
        {
            // Always the same member, whichever part is wrong.
            About = Fields.RegistrationNumber,
        },
    ];

    internal static void Judge(Case @case, List<Finding> findings) => Common.Judge(@case, findings);

    internal static ProofVerdict VerdictOn(Case @case) =>
        @case.LockedUntil is not null ? ProofVerdict.Locked
        : IsProved(@case) ? ProofVerdict.Right
        : ProofVerdict.Wrong;

    /// <summary>Whether the notice knows of the vehicle what it must.</summary>
    public static bool IsProved(Case @case) =>
        @case is { Vehicle: { } vehicle, Change: var change }
        && (
            change.Type!.Proof switch
            {
                Proof.Vin => VinIsRight(change, vehicle)
                    && (change.DocumentReferenceNumber is null || DocumentIsInForce(change, vehicle)),
                Proof.Fleet => VehicleIsInFleet(@case, vehicle),
                Proof.DocumentOrFleet when change.FleetNumber is not null => VehicleIsInFleet(@case, vehicle),
                Proof.DocumentOrVin when change.Vin is not null => VinIsRight(change, vehicle),
                _ => DocumentIsInForce(change, vehicle),
            }
        );

    static bool VinIsRight(KeeperChange change, Vehicle vehicle) => change.Vin?.Text == vehicle.Vin;

    static bool DocumentIsInForce(KeeperChange change, Vehicle vehicle) =>
        change.DocumentReferenceNumber?.Text == vehicle.DocumentReferenceNumber;

    // A fleet that was the last keeper is told what has become of the vehicle since, and can change nothing on it.
    static bool VehicleIsInFleet(Case @case, Vehicle vehicle) =>
        @case.Change.FleetNumber is { } fleet
        && (
            vehicle.Keeper?.FleetNumber == fleet.Text
            || (vehicle.LastFleetNumber == fleet.Text && !@case.Change.Type!.AllowedIn.Contains(vehicle.State))
        )
        && @case.ActingFor!.FleetNumbers.Contains(fleet.Text);
}
