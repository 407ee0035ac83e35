using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

/// <summary>What taking a mark off and putting one on have in common.</summary>
static class Marks
{
    public static readonly IReadOnlyList<VehicleState> AllowedIn = [WithKeeper];

    public static readonly IReadOnlyDictionary<VehicleState, Rule> RefusedIn = new Dictionary<VehicleState, Rule>
    {
        [InTrade] = RecordRules.NoKeeper,
        [WithInsurer] = RecordRules.NoKeeper,
    };

    /// <summary>A Q mark says that age or identity are not known, and stays with its vehicle.</summary>
    public static readonly Rule QMark = new(
        "mark.not-eligible",
        "A Q mark stays with its vehicle: it can be neither taken off nor replaced by another.",
        @case => @case.Change.RegistrationNumber is { IsQ: true }
    )
    {
        About = Fields.RegistrationNumber,
    };

    /// <summary>Taking a mark off: the certificate is for the mark that the vehicle bears.</summary>
    public static readonly Rule CertificateForOwnMark = Certificate(@case => @case.Record.RegistrationNumber);

    /// <summary>Putting a mark on: the certificate is for the new mark.</summary>
    public static readonly Rule CertificateForNewMark = Certificate(@case => @case.Change.NewRegistrationNumber?.Text);

    // One sentence for every way in which a certificate can be wrong, so that nobody learns by trying which there are.
    static Rule Certificate(Func<Case, string?> mark) =>
        new(
            "mark.not-eligible",
            "No certificate of this number is good for this mark. Check the number, the mark and the day on which the certificate expires.",
            @case =>
                !(
                    @case.Certificate is { Used: false } certificate
                    && certificate.RegistrationNumber == mark(@case)
                    && certificate.ExpiresOn >= @case.Today
                )
        )
        {
            About = Fields.CertificateNumber,
        };
}
