using System.Diagnostics;
using System.Text;
using Dapper;
using Npgsql;
using TradeApi.Load.Register;
using TradeApi.Rules.Values;

namespace TradeApi.Load.Baselines;

/// <summary>
/// The same rows applied to the same vehicles by one hand-written statement for 2,000 rows, on two connections: it finds
/// the vehicle, looks at key, document, state, date and consent, and writes vehicle, keepership, event and result. It has
/// no rulebook, no ledger, no receipts, no findings but one word, no history of documents, and no way to take anything
/// back: what remains when only the database's share of the work is done.
/// </summary>
sealed class HandWrittenApply(string connectionString, long vehicles) : IAsyncDisposable
{
    public const int BatchRows = 2000;
    const int Connections = 2;

    readonly NpgsqlDataSource source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 1,
            CommandTimeout = 0,
        }
    );

    long next;

    /// <summary>Makes its tables and fills them with the vehicles of the register.</summary>
    public async Task Fill()
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            drop schema if exists by_hand cascade;
            create schema by_hand;
            create table by_hand.vehicle (
                vehicle_id uuid not null, registration_number text not null, vin text not null, make text not null,
                model text not null, colour text not null, fuel_type text not null, vehicle_class text not null,
                date_of_first_registration date not null, state text not null, state_since date not null, held_by text,
                stolen boolean not null, last_mileage integer, document_reference_number text not null,
                version integer not null) with (fillfactor = 90);
            insert into by_hand.vehicle
            select v.vehicle_id, v.registration_number, v.vin, v.make, v.model, v.colour, v.fuel_type, v.vehicle_class,
                   v.date_of_first_registration, v.state, v.state_since, v.held_by, v.stolen, v.last_mileage,
                   v.document_reference_number, 1
              from sandbox.vehicle v;
            alter table by_hand.vehicle add primary key (vehicle_id);
            create unique index on by_hand.vehicle (registration_number);
            create table by_hand.keepership (
                keepership_id uuid not null primary key, vehicle_id uuid not null, started_on date not null,
                kind text not null, last_name text);
            create table by_hand.event (
                event_id uuid not null, vehicle_id uuid not null, client text not null, key text not null,
                at timestamptz not null, payload jsonb not null, unique (client, key));
            create table by_hand.row_result (
                submission_id uuid not null, row_number bigint not null, outcome text not null, reason text,
                primary key (submission_id, row_number));
            -- Their vacuum would fall into the time of the file that is measured after them.
            alter table by_hand.vehicle set (autovacuum_enabled = off);
            alter table by_hand.keepership set (autovacuum_enabled = off);
            alter table by_hand.event set (autovacuum_enabled = off);
            alter table by_hand.row_result set (autovacuum_enabled = off);
            """
        );
        await connection.ExecuteAsync("vacuum (analyze) by_hand.vehicle");
        await connection.ExecuteAsync("checkpoint;");
    }

    /// <summary>Applies so many further rows and gives how many a second.</summary>
    public async Task<double> Apply(int rows)
    {
        var today = LondonDate.Of(TimeProvider.System.GetUtcNow());
        var first = next;
        next += rows;
        var batches = Enumerable
            .Range(0, rows / BatchRows)
            .Select(batch => Batch.Of(first + (long)batch * BatchRows, vehicles, today))
            .ToArray();
        var submission = Guid.CreateVersion7();
        var refused = 0L;
        var at = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(Work)));
        var elapsed = clock.Elapsed;
        if (refused != MadeUp.Refused(rows))
            throw new InvalidOperationException($"The hand-written apply refused {refused} of {rows} rows.");
        return rows / elapsed.TotalSeconds;

        async Task Work()
        {
            await using var connection = await source.OpenConnectionAsync();
            for (int mine; (mine = Interlocked.Increment(ref at)) < batches.Length; )
                Interlocked.Add(ref refused, await batches[mine].Apply(connection, submission, today));
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    sealed class Batch
    {
        const string Statement = """
                 with sent as materialized (
               select *
                 from unnest(@Rows, @Ids, @Keys, @Marks, @Documents, @Dates, @OutOfTrade, @Consents, @LastNames, @Mileages, @Payloads)
                      as s (row_number, id, key, mark, document, event_date, out_of_trade, consent, last_name, mileage, payload)
               ), judged as materialized (
               select s.*, v.vehicle_id, v.version,
                      case
                          when v.vehicle_id is null then 'vehicle'
                          when e.key is not null then 'key'
                          when v.document_reference_number <> s.document then 'document'
                          when v.state <> case when s.out_of_trade then 'inTrade' else 'withKeeper' end then 'state'
                          when s.event_date > @Today or s.event_date < v.state_since then 'date'
                          when not s.consent then 'consent'
                      end as reason
                 from sent s
            left join by_hand.vehicle v on v.registration_number = s.mark
            left join by_hand.event e on e.client = 'org_trader' and e.key = s.key
               ), changed as (
               update by_hand.vehicle v
                  set state = case when j.out_of_trade then 'withKeeper' else 'inTrade' end,
                      state_since = j.event_date,
                      held_by = case when j.out_of_trade then null else 'org_trader' end,
                      last_mileage = j.mileage,
                      version = v.version + 1
                 from judged j
                where j.reason is null
                  and v.vehicle_id = j.vehicle_id
                  and v.version = j.version
               ), kept as (
               insert into by_hand.keepership (keepership_id, vehicle_id, started_on, kind, last_name)
               select id, vehicle_id, event_date, case when out_of_trade then 'keeper' else 'trader' end, last_name
                 from judged
                where reason is null
               ), noted as (
               insert into by_hand.event (event_id, vehicle_id, client, key, at, payload)
               select id, vehicle_id, 'org_trader', key, now(), payload::jsonb
                 from judged
                where reason is null
               ), answered as (
               insert into by_hand.row_result (submission_id, row_number, outcome, reason)
               select @Submission, row_number, case when reason is null then 'accepted' else 'refused' end, reason
                 from judged
               )
               select count(*)
                 from judged
                where reason is not null
            """;

        readonly long[] rows = new long[BatchRows];
        readonly Guid[] ids = new Guid[BatchRows];
        readonly string[] keys = new string[BatchRows];
        readonly string[] marks = new string[BatchRows];
        readonly string[] documents = new string[BatchRows];
        readonly DateOnly[] dates = new DateOnly[BatchRows];
        readonly bool[] outOfTrade = new bool[BatchRows];
        readonly bool[] consents = new bool[BatchRows];
        readonly string?[] lastNames = new string?[BatchRows];
        readonly int[] mileages = new int[BatchRows];
        readonly string[] payloads = new string[BatchRows];

        public static Batch Of(long first, long vehicles, DateOnly today)
        {
            var batch = new Batch();
            var text = new StringBuilder();
            for (var place = 0; place < BatchRows; place++)
            {
                var notice = MadeUp.Notice(first + place, vehicles, today);
                batch.rows[place] = first + place;
                batch.ids[place] = Guid.CreateVersion7();
                batch.keys[place] = MadeUp.Reference("LOAD", first + place);
                batch.marks[place] = notice.Mark;
                batch.documents[place] = notice.Document;
                batch.dates[place] = notice.Date;
                batch.outOfTrade[place] = notice.IsOutOfTrade;
                batch.consents[place] = notice.Consent;
                batch.lastNames[place] = notice.IsOutOfTrade ? MadeUp.LastName(first + place) : null;
                batch.mileages[place] = (int)(20_000 + notice.Vehicle % 90_000);
                text.Clear();
                MadeUp.WriteNotice(text, first + place, vehicles, today, "LOAD");
                batch.payloads[place] = text.ToString();
            }
            return batch;
        }

        /// <summary>One statement, one commit; gives how many rows were refused.</summary>
        public async Task<long> Apply(NpgsqlConnection connection, Guid submission, DateOnly today)
        {
            await using var command = new NpgsqlCommand(Statement, connection);
            command.Parameters.AddWithValue("Rows", rows);
            command.Parameters.AddWithValue("Ids", ids);
            command.Parameters.AddWithValue("Keys", keys);
            command.Parameters.AddWithValue("Marks", marks);
            command.Parameters.AddWithValue("Documents", documents);
            command.Parameters.AddWithValue("Dates", dates);
            command.Parameters.AddWithValue("OutOfTrade", outOfTrade);
            command.Parameters.AddWithValue("Consents", consents);
            command.Parameters.AddWithValue("LastNames", lastNames);
            command.Parameters.AddWithValue("Mileages", mileages);
            command.Parameters.AddWithValue("Payloads", payloads);
            command.Parameters.AddWithValue("Today", today);
            command.Parameters.AddWithValue("Submission", submission);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
