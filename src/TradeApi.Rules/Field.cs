using TradeApi.Rules.Values;

namespace TradeApi.Rules;

/// <summary>How a member is written in JSON. In CSV every member is a cell.</summary>
public enum FieldKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    YesNo,

    /// <summary>An array of strings; in CSV one cell with its items parted by spaces.</summary>
    List,
}

/// <summary>One member that a notice can have: how it is written, what it means, how it is read.</summary>
/// <param name="Path">Its CSV column, and with slashes its JSON Pointer: <c>newKeeper.address.postTown</c>.</param>
/// <param name="Kind">How it is written in JSON.</param>
/// <param name="Description">What it means, with unit and format.</param>
/// <param name="Example">A value that is taken.</param>
/// <param name="Reader">Takes the text into the notice, or says why it cannot.</param>
/// <param name="Canonical">The value in canonical form; null when it is absent.</param>
public sealed record Field(
    string Path,
    FieldKind Kind,
    string Description,
    string Example,
    Func<KeeperChange, string, DateOnly, Fault?> Reader,
    Func<KeeperChange, string?> Canonical
)
{
    /// <summary>The most characters it may have, where a limit goes with the contract.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The format of OpenAPI, such as <c>date</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The values it may have, when they are a closed list.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The JSON Pointer (RFC 6901).</summary>
    public string Pointer { get; } = "/" + Path.Replace('.', '/');

    /// <summary>The paths of the objects that hold it, the outermost first.</summary>
    public IEnumerable<string> Parents
    {
        get
        {
            for (var dot = Path.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = Path.IndexOf('.', dot + 1))
                yield return Path[..dot];
        }
    }

    /// <summary>Two members are the same when they have the same path.</summary>
    public bool Equals(Field? other) => other?.Path == Path;

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    internal bool IsWritten(MemberKind kind) =>
        kind == MemberKind.Cell
        || Kind switch
        {
            FieldKind.Number => kind == MemberKind.Number,
            FieldKind.YesNo => kind == MemberKind.Boolean,
            FieldKind.List => kind == MemberKind.List,
            _ => kind == MemberKind.Text,
        };

    internal Fault? Read(KeeperChange change, string text, DateOnly today) => Reader(change, text, today);

    internal Finding Missing(string? advice = null) =>
        new("field.missing", Severity.Refuse, Pointer, advice ?? $"{Path} is required. {Description}");

    internal Finding Unwanted(string advice) => new("field.unknown", Severity.Refuse, Pointer, advice);

    internal Finding WrongKind() =>
        new(
            "field.type",
            Severity.Refuse,
            Pointer,
            Kind switch
            {
                FieldKind.Number => $"{Path} is a whole number, written without quotes.",
                FieldKind.YesNo => $"{Path} is true or false, written without quotes.",
                FieldKind.List => $"{Path} is an array of strings.",
                _ => $"{Path} is a string: write it in quotes, so that no digit is lost.",
            }
        );

    internal static Field Text(
        string path,
        string description,
        string example,
        Func<KeeperChange, string, DateOnly, Fault?> reader,
        Func<KeeperChange, string?> canonical
    ) => new(path, FieldKind.Text, description, example, reader, canonical);

    internal static Field YesNo(
        string path,
        string description,
        Action<KeeperChange, bool> set,
        Func<KeeperChange, bool?> get
    ) =>
        new(
            path,
            FieldKind.YesNo,
            description,
            "true",
            (change, text, _) =>
            {
                if (text is not ("true" or "false"))
                    return new Fault("field.type", $"{path} is true or false, in lower-case letters.");
                set(change, text == "true");
                return null;
            },
            change =>
                get(change) switch
                {
                    true => "true",
                    false => "false",
                    null => null,
                }
        );

    internal static Field Choice(
        string path,
        string description,
        string[] choices,
        Action<KeeperChange, string> set,
        Func<KeeperChange, string?> get,
        Func<string, Fault?>? ended = null
    ) =>
        new(
            path,
            FieldKind.Text,
            description,
            choices[0],
            (change, text, _) =>
            {
                if (ended?.Invoke(text) is { } fault)
                    return fault;
                if (!choices.Contains(text))
                    return new Fault("field.unknown", $"{path} is one of {string.Join(", ", choices)}.");
                set(change, text);
                return null;
            },
            get
        )
        {
            Choices = choices,
        };

    internal static Field Date(
        string path,
        string description,
        Action<KeeperChange, DateOnly> set,
        Func<KeeperChange, DateOnly?> get
    ) =>
        Text(
            path,
            description,
            "2026-11-24",
            (change, text, _) => Take(LondonDate.Read(text), change, set),
            change => get(change)?.ToString("O", null)
        ) with
        {
            Format = "date",
        };

    /// <summary>Takes a value over into what it is of, or hands the fault on.</summary>
    internal static Fault? Take<TInto, T>(Reading<T> reading, TInto into, Action<TInto, T> set)
    {
        if (reading.Fault is null)
            set(into, reading.Value!);
        return reading.Fault;
    }

    /// <summary>A text without a form of its own: an id or a reference. Stored whole or refused.</summary>
    internal static Fault? Plain<TInto>(string text, int maxLength, TInto into, Action<TInto, string> set)
    {
        if (text.Length > maxLength)
            return new Fault("field.length", $"At most {maxLength} characters; this has {text.Length}.");
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i]))
                return new Fault(
                    "field.characters",
                    $"Character {i + 1} is a control character, such as a line break. Leave it out."
                );
        set(into, text);
        return null;
    }
}
