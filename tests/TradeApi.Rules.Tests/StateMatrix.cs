namespace TradeApi.Rules.Tests;

/// <summary>
/// Every type of notice in every state of the record, with and without what is marked beside the state, against
/// <c>tests/states.csv</c>: the register's own matrix, set down without a look at the tables of the rules.
/// </summary>
public class StateMatrix
{
    static readonly string[] Marks = ["stolen", "dispute", "guard", "suppressed", "offRoad", "A", "B", "S", "N"];
    static readonly string[] Categories = ["A", "B", "S", "N"];

    /// <summary>
    /// A vehicle of category A or B may only be destroyed. These notices neither pass it on nor take it anywhere: they
    /// say what became of it or of its keeper, or are about the mark or the document.
    /// </summary>
    static readonly string[] LeaveTheVehicleWhereItIs =
    [
        "certificateOfDestruction",
        "notificationOfDestruction",
        "totalLoss",
        "keeperDeath",
        "offRoadNotification",
        "keeperDetailsChange",
        "markRetention",
        "markAssignment",
        "documentRequest",
    ];

    static readonly Dictionary<VehicleState, string> CodeOfState = new()
    {
        [VehicleState.WithKeeper] = "vehicle.keeper-on-record",
        [VehicleState.InTrade] = "vehicle.already-in-trade",
        [VehicleState.WithInsurer] = "vehicle.with-insurer",
        [VehicleState.KeeperDeceased] = "vehicle.keeper-deceased",
        [VehicleState.Exported] = "vehicle.exported",
        [VehicleState.Destroyed] = "vehicle.destroyed",
    };

    static readonly Dictionary<(string Type, VehicleState State), string> Matrix = Read();

    /// <summary>The rows of the matrix that are types: one that is still to come is passed over.</summary>
    public static TheoryData<string, VehicleState> Cells() =>
        [.. Matrix.Keys.Where(cell => EventTypes.All.Any(type => type.Name == cell.Type))];

    [Fact]
    public void Every_type_has_a_row_in_the_matrix() =>
        Assert.Empty(EventTypes.All.Select(type => type.Name).Except(Matrix.Keys.Select(cell => cell.Type)));

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_notice_that_is_right_in_itself_is_decided_by_state_and_marks(string type, VehicleState state)
    {
        var right = Right(type, state);
        foreach (var marks in MarksAloneAndInPairs())
        {
            var vector = right.With(
                ("vehicle.category", marks.FirstOrDefault(Categories.Contains) ?? "-"),
                ("vehicle.marks", string.Join(' ', marks.Except(Categories)))
            );
            var expected = Expected(type, state, marks, vector);

            var decision = vector.Decide();

            Assert.Equal(
                $"{type} {state} {string.Join(' ', marks)}: {InWords(expected)}",
                $"{type} {state} {string.Join(' ', marks)}: {InWords(decision.Findings.Select(found => found.Code))}"
            );
            Assert.Equal(OutcomeOf(expected), decision.Outcome);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_executors_are_asked_where_the_matrix_says_so(string type, VehicleState state)
    {
        var decision = Right(type, state).With(("executorConsent", "-")).Decide();

        Assert.Equal(
            Matrix[(type, state)] == "executor",
            decision.Findings.Any(finding => finding.Code == "consent.executor")
        );
    }

    /// <summary>The plain notice of the type on a vehicle in the state: sent by whom it may be, with every consent.</summary>
    static Vector Right(string type, VehicleState state)
    {
        var takesExecutors = EventTypes.All.Single(one => one.Name == type).Takes(Fields.ExecutorConsent);
        return Vector
            .Plain(type)
            .With([
                ("vehicle.state", state.ToString()),
                (
                    "vehicle.heldBy",
                    state switch
                    {
                        VehicleState.InTrade => "self",
                        VehicleState.WithInsurer => "another",
                        _ => "-",
                    }
                ),
                .. takesExecutors ? [("executorConsent", "true")] : Array.Empty<(string, string)>(),
                // A motor trader declares only its stock off the road.
                .. type == "offRoadNotification" && state != VehicleState.InTrade
                    ? [("sender", "financeCompany")]
                    : Array.Empty<(string, string)>(),
            ]);
    }

    static List<string> Expected(string type, VehicleState state, string[] marks, Vector vector)
    {
        var codes = new List<string>();
        var cell = Matrix[(type, state)];
        if (cell == "no")
            codes.Add(CodeOfState[state]);
        else if (cell.Contains('.'))
            codes.Add(cell);

        var mayOnlyBeDestroyed = marks.Contains("A") || marks.Contains("B");
        if (
            (mayOnlyBeDestroyed && !LeaveTheVehicleWhereItIs.Contains(type))
            || (cell == "S-or-N" && !marks.Contains("S") && !marks.Contains("N"))
        )
            codes.Add("salvage.category-forbids");
        if (vector.Change.SalvageCategory is { } category && marks.Contains(category.ToString()))
            codes.Add("salvage.already-categorised");
        // Only where the document is the proof; a VIN or a fleet number is not held up.
        if (marks.Contains("suppressed") && vector.Change.DocumentReferenceNumber is not null)
            codes.Add("document.suppressed");
        if (marks.Intersect(["stolen", "dispute", "guard"]).Any())
            codes.Add("referred.register-check");
        return codes;
    }

    static Outcome OutcomeOf(List<string> codes) =>
        codes.Any(code => code != "referred.register-check") ? Outcome.Refused
        : codes.Count > 0 ? Outcome.Referred
        : Outcome.Accepted;

    static IEnumerable<string[]> MarksAloneAndInPairs()
    {
        yield return [];
        foreach (var (at, one) in Marks.Index())
        {
            yield return [one];
            // A vehicle has one category.
            foreach (
                var other in Marks[(at + 1)..].Where(other => !Categories.Contains(one) || !Categories.Contains(other))
            )
                yield return [one, other];
        }
    }

    static string InWords(IEnumerable<string> codes) =>
        string.Join(' ', codes.Distinct().Order(StringComparer.Ordinal));

    static Dictionary<(string, VehicleState), string> Read()
    {
        var lines = File.ReadAllLines(Checkout.PathOf("tests/states.csv"));
        var states = lines[0].Split(',')[1..].Select(name => Enum.Parse<VehicleState>(name, ignoreCase: true)).ToList();
        return lines
            .Skip(1)
            .Select(line => line.Split(','))
            .SelectMany(row => states.Zip(row[1..], (state, cell) => (Key: (row[0], state), cell)))
            .ToDictionary(entry => entry.Key, entry => entry.cell);
    }
}
