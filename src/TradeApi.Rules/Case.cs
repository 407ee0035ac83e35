namespace TradeApi.Rules;

/// <summary>
/// All that a decision may look at: the notice, who sends it and for whom, and what the register says at that moment.
/// Rules load nothing.
/// </summary>
public sealed record Case
{
    /// <summary>The notice.</summary>
    public required KeeperChange Change { get; init; }

    /// <summary>The date in Europe/London at the moment of receipt.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The date in Europe/London at the moment of the decision, when that is not the day of receipt: a file may wait past midnight.</summary>
    public DateOnly? DecidedOn { get; init; }

    /// <summary>The organisation whose software sent the notice.</summary>
    public required Organisation Sender { get; init; }

    /// <summary>The organisation acted for: the sender itself, or the one named in <c>onBehalfOf</c>; null when there is no such organisation in force.</summary>
    public required Organisation? ActingFor { get; init; }

    /// <summary>The mandates that the organisation acted for has given to the sender.</summary>
    public IReadOnlyList<Mandate> Mandates { get; init; } = [];

    /// <summary>The other organisation that the notice names, as trader or receiver; null when there is none such.</summary>
    public Organisation? NamedOrganisation { get; init; }

    /// <summary>The notice with the same reference that was accepted or referred before, if there is one.</summary>
    public EarlierNotice? Earlier { get; init; }

    /// <summary>The vehicle that bears the mark, if there is one.</summary>
    public Vehicle? Vehicle { get; init; }

    /// <summary>The certificate that the notice names, when there is one of this number.</summary>
    public MarkCertificate? Certificate { get; init; }

    /// <summary>Whether another vehicle bears the mark that this one shall bear.</summary>
    public bool NewMarkIsTaken { get; init; }

    /// <summary>A mark of the vehicle's age that no vehicle bears, for one whose only mark is taken off.</summary>
    public string? SpareMark { get; init; }

    /// <summary>Until when the organisation acted for may not try this mark, after too many wrong proofs; null when it may.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Whether this very event is recorded: the same vehicle, type, date and acting organisation.</summary>
    public bool AlreadyRecorded { get; init; }

    /// <summary>Whether the sender acts for another organisation.</summary>
    public bool ActsForAnother => Change.OnBehalfOf is { } other && other != Sender.Id;

    /// <summary>
    /// The organisation acted for, as far as the sender may learn of it: without a mandate in force nothing is said of
    /// another organisation, not even what kind it is or whose a permit is.
    /// </summary>
    internal Organisation? KnownOrganisation =>
        (ActsForAnother && !MandateInForce) || Change.IsUnreadable(Fields.OnBehalfOf) ? null : ActingFor;

    /// <summary>Of a case that has come as far as the record.</summary>
    internal Vehicle Record => Vehicle!;

    // Of an organisation that is suspended or closed nobody has a mandate in force.
    internal bool MandateInForce => ActingFor is not null && MandatesInForce.Any();

    internal bool MandateCovers(EventType type) =>
        MandatesInForce.Any(mandate => mandate.EventTypes.Contains(type.Name));

    IEnumerable<Mandate> MandatesInForce => Mandates.Where(mandate => mandate.InForceOn(DecidedOn ?? Today));
}

/// <summary>An earlier notice with the same reference.</summary>
/// <param name="SameContent">Whether it notified the same facts.</param>
public sealed record EarlierNotice(bool SameContent);

/// <summary>A certificate that gives the right to a mark.</summary>
/// <param name="RegistrationNumber">The mark that it is for, in canonical form.</param>
/// <param name="ExpiresOn">The last day on which it is good.</param>
/// <param name="Used">Whether a notice has used it up.</param>
public sealed record MarkCertificate(string RegistrationNumber, DateOnly ExpiresOn, bool Used);
