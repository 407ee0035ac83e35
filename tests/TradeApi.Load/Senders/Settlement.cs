using System.Data.Common;
using System.Diagnostics;
using Dapper;
using TradeApi.Load.Running;

namespace TradeApi.Load.Senders;

/// <summary>What the register says in the end, against what its senders were told.</summary>
sealed record Settlement(int Lost, int Doubled, int Unresolved, IReadOnlyList<string> Breaches)
{
    public bool IsClean => (Lost, Doubled, Unresolved, Breaches.Count) == (0, 0, 0, 0);

    /// <summary>Compares the journal with the data, past the program, and lets the program verify itself.</summary>
    public static async Task<Settlement> Make(Host node, Journal journal)
    {
        var calls = journal.Calls;
        var breaches = new List<string>(journal.Surprises);
        await using var stores = node.OpenStores();
        await using var connection = await stores.Sandbox.Open();
        var lost = await LostNotices(connection, calls, breaches) + await LostFiles(connection, calls, breaches);
        var doubled = await AcceptedTwice(connection, breaches);
        var unresolved = calls.Where(call => call.Status is null || call.IsAmbiguous).ToList();
        breaches.AddRange(unresolved.Select(call => $"{call.Key} has no definite answer"));
        try
        {
            await node.Run("verify");
        }
        catch (InvalidOperationException failure)
        {
            breaches.Add(failure.Message);
        }
        return new Settlement(lost, doubled, unresolved.Count, breaches);
    }

    /// <summary>Waits until the files that were taken have ended.</summary>
    public static async Task FilesToEnd(Host node)
    {
        await using var stores = node.OpenStores();
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(3); await Task.Delay(200))
        {
            await using var connection = await stores.Sandbox.Open();
            if (
                await connection.ExecuteScalarAsync<int>("select count(*) from submission where state = 'processing'")
                == 0
            )
                return;
        }
    }

    static async Task<int> LostNotices(DbConnection connection, IReadOnlyList<Call> calls, List<string> breaches)
    {
        var recorded = (
            await connection.QueryAsync<Recorded>(
                """
                select k.keeper_change_id, k.client_reference, k.outcome, l.first_position + k.ledger_place as position
                  from keeper_change k
                  left join ledger_page l on l.ledger_page_id = k.ledger_page_id
                """
            )
        ).ToLookup(row => row.KeeperChangeId);
        var lost = 0;
        foreach (var call in calls.Where(call => !call.IsFile && call.Id is not null))
        {
            var accepted = call.Status is 201 or 202;
            if (recorded[call.Id!.Value].FirstOrDefault() is not { } found)
                breaches.Add($"{call.Key} was answered {call.Status}, and is not in the register");
            else if (found.ClientReference != call.Reference)
                breaches.Add($"{call.Key} was answered with another notice");
            else if (accepted ? found is not { Outcome: "accepted", Position: not null } : found.Outcome != "refused")
                breaches.Add($"{call.Key} was answered {call.Status}, and is {found.Outcome}, leaf {found.Position}");
            else
                continue;
            lost++;
        }
        return lost;
    }

    // Rows in, rows out; and each row that is made to be accepted is, by this file or by an earlier one.
    static async Task<int> LostFiles(DbConnection connection, IReadOnlyList<Call> calls, List<string> breaches)
    {
        var taken = (
            await connection.QueryAsync<Taken>(
                """
                select s.submission_id, s.state, s.rows_total,
                       count(distinct r.row_number) as results,
                       sum(case when r.outcome in ('accepted', 'duplicate') then 1 else 0 end) as accepted
                  from submission s
                  left join (select submission_id, row_number, outcome
                               from keeper_change
                              where submission_id is not null
                              union all
                             select submission_id, row_number, outcome
                               from submission_result) r on r.submission_id = s.submission_id
                 group by s.submission_id, s.state, s.rows_total
                """
            )
        ).ToDictionary(row => row.SubmissionId);
        var lost = 0;
        foreach (var call in calls.Where(call => call is { IsFile: true, Status: 202 }))
        {
            var expected = new Taken
            {
                SubmissionId = call.Id!.Value,
                State = "completed",
                RowsTotal = call.Rows,
                Results = call.Rows,
                Accepted = call.RowsToAccept,
            };
            var found = taken.GetValueOrDefault(call.Id.Value);
            if (found == expected)
                continue;
            breaches.Add($"{call.Key} should be {expected} and is {found?.ToString() ?? "not there"}");
            breaches.AddRange(await RefusalsOf(connection, call.Id.Value));
            lost++;
        }
        return lost;
    }

    // What was refused, and why, to be seen beside what was made to be.
    static Task<IEnumerable<string>> RefusalsOf(DbConnection connection, Guid submission) =>
        connection.QueryAsync<string>(
            """
            select '  row ' || row_number || ', ' || client_reference || ': ' || coalesce(findings, '')
              from keeper_change
             where submission_id = @submission
               and outcome = 'refused'
             order by row_number
             limit 60
            """,
            new { submission }
        );

    static async Task<int> AcceptedTwice(DbConnection connection, List<string> breaches)
    {
        var twice = (
            await connection.QueryAsync<string>(
                """
                select client_reference
                  from keeper_change
                 where outcome in ('accepted', 'referred')
                 group by organisation_id, client_reference
                having count(*) > 1
                 union all
                select size || ' leaves, of ' || count(distinct cast(ledger_page_id as text) || ' ' || ledger_place) || ' notices'
                  from ledger_head h
                  join keeper_change k on k.ledger_page_id is not null
                 group by size
                having size <> count(distinct cast(ledger_page_id as text) || ' ' || ledger_place)
                    or size <> count(*)
                 union all
                select cast(vehicle_id as text)
                  from keeper_change
                 where outcome = 'accepted'
                 group by vehicle_id
                having count(*) > 1
                """
            )
        ).AsList();
        breaches.AddRange(twice.Select(what => $"{what} was accepted twice"));
        return twice.Count;
    }

    sealed record Recorded
    {
        public Guid KeeperChangeId { get; init; }
        public string ClientReference { get; init; } = "";
        public string Outcome { get; init; } = "";
        public long? Position { get; init; }
    }

    sealed record Taken
    {
        public Guid SubmissionId { get; init; }
        public string State { get; init; } = "";
        public int RowsTotal { get; init; }
        public long Results { get; init; }
        public long Accepted { get; init; }
    }
}
