using System.Runtime.CompilerServices;
using Dapper;
using TradeApi.Database;
using TradeApi.KeeperChanges;
using TradeApi.Ledger;
using TradeApi.Register;

namespace TradeApi.Submissions;

/// <summary>Reads the results of a submission in row order, page by page, so that no reader holds a transaction for long.</summary>
static class ResultStore
{
    const int PageSize = 1000;

    /// <summary>All results with an outcome, or all; rows that are not decided and never will be come last, as <c>unprocessed</c>.</summary>
    public static async IAsyncEnumerable<RowResult> Stream(
        Store store,
        string environment,
        Submission submission,
        string? outcome,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var after = 0;
        while (true)
        {
            var page = await Page(store, environment, submission, outcome, after, PageSize, cancel);
            foreach (var row in page)
                yield return row;
            if (page.Count < PageSize)
                yield break;
            after = page[^1].RowNumber;
        }
    }

    public static async Task<IReadOnlyList<RowResult>> Page(
        Store store,
        string environment,
        Submission submission,
        string? outcome,
        int after,
        int limit,
        CancellationToken cancel
    )
    {
        var results = new List<RowResult>();
        if (outcome != "unprocessed")
        {
            await using var connection = await store.Open(cancel);
            var rows = await connection.QueryAsync<ResultRow>(
                $"""
                select row_number, client_reference, outcome, keeper_change_id, findings, position
                  from ({Of(NoticesOfTheirOwn, outcome)}
                         union all
                        {Of(Others, outcome)}) r
                 order by row_number
                 limit @Limit
                """,
                new
                {
                    submission.SubmissionId,
                    submission.OrganisationId,
                    After = after,
                    Outcome = outcome,
                    Limit = limit,
                }
            );
            results.AddRange(rows.Select(row => row.ToResult(environment)));
        }
        if (outcome is null or "unprocessed" && !submission.IsRunning)
        {
            // Of a file that goes on meanwhile more may be decided than it says.
            var decided = results.Count > 0 ? results[^1].RowNumber : after;
            var last = Math.Max(decided, submission.NextRow - 1);
            while (results.Count < limit && last < submission.RowsTotal)
                results.Add(
                    new RowResult
                    {
                        RowNumber = ++last,
                        Outcome = "unprocessed",
                        Findings = [],
                    }
                );
        }
        return results;
    }

    // Each is read in the order of its rows and no further than the page needs.
    static string Of(string results, string? outcome) =>
        $"""
            select *
                              from (select *
                                      from ({results}) a
                                     where submission_id = @SubmissionId
                                       and organisation_id = @OrganisationId
                                       and row_number > @After
                                       {(outcome is null ? "" : "and outcome = @Outcome")}
                                     order by row_number
                                     limit @Limit) b
            """;

    // A row that was referred stays so in the results of its file, whatever staff have decided since.
    const string NoticesOfTheirOwn = $"""
        select s.submission_id, s.organisation_id, k.row_number, k.client_reference,
                                       case when k.referred_at is null then k.outcome else 'referred' end as outcome,
                                       k.keeper_change_id,
                                       case when k.referred_at is null then k.findings end as findings,
                                       {LedgerPage.Position} as position
                                  from submission s
                                  join keeper_change k on k.submission_id = s.submission_id
                                  left join {LedgerPage.OfNotice}
        """;

    // Duplicates have the receipt of the first; the verdicts of a file that is only judged have none.
    const string Others = $"""
        select s.submission_id, s.organisation_id, r.row_number, r.client_reference, r.outcome, r.keeper_change_id, r.findings,
                                       {LedgerPage.Position} as position
                                  from submission s
                                  join submission_result r on r.submission_id = s.submission_id
                                  left join keeper_change k on k.keeper_change_id = r.keeper_change_id
                                  left join {LedgerPage.OfNotice}
        """;

    sealed record ResultRow
    {
        public int RowNumber { get; init; }
        public string? ClientReference { get; init; }
        public string Outcome { get; init; } = "";
        public Guid? KeeperChangeId { get; init; }
        public string? Findings { get; init; }
        public long? Position { get; init; }

        public RowResult ToResult(string environment) =>
            new()
            {
                RowNumber = RowNumber,
                ClientReference = ClientReference,
                Outcome = Outcome,
                KeeperChangeId = KeeperChangeId is { } id ? Ids.KeeperChange(id) : null,
                ReceiptReference = Position is { } position ? ReceiptAnswer.ReferenceOf(position, environment) : null,
                Findings = FindingText.Read(
                    Outcome == "referred" ? Findings ?? DecidedNotice.FindingsOfReferral : Findings
                ),
            };
    }
}
