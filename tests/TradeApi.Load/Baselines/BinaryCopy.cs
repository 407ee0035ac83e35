using System.Diagnostics;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using TradeApi.Load.Register;
using TradeApi.Rules.Values;

namespace TradeApi.Load.Baselines;

/// <summary>
/// The rows of a file put into one indexed table by binary COPY, on one connection: nothing is looked up, judged or
/// answered. No server can take rows in much faster.
/// </summary>
sealed class BinaryCopy(string connectionString, long vehicles)
{
    readonly Random random = new(20_261_128);
    long next;

    public async Task Begin()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync(
            """
            drop schema if exists copied cascade;
            create schema copied;
            create table copied.notice (
                notice_id uuid not null, submission_id uuid not null, row_number bigint not null,
                client_reference text not null, type text not null, registration_number text not null,
                document_reference_number text not null, event_date date not null, mileage integer not null,
                keeper_consent boolean not null, title text, first_names text, last_name text, address_line text,
                post_town text, postcode text) with (autovacuum_enabled = off);
            create unique index on copied.notice (notice_id);
            create index on copied.notice (registration_number, event_date);
            """
        );
    }

    /// <summary>Copies so many further rows and gives how many a second.</summary>
    public async Task<double> Copy(int rows)
    {
        var today = LondonDate.Of(TimeProvider.System.GetUtcNow());
        var first = next;
        next += rows;
        // Made up before the clock starts: only their way into the table is measured.
        var made = new (Guid Id, MadeUpNotice Notice)[rows];
        for (var row = 0; row < rows; row++)
            made[row] = (Id(), MadeUp.Notice(first + row, vehicles, today));
        var submission = Id();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var clock = Stopwatch.StartNew();
        await using (
            var importer = await connection.BeginBinaryImportAsync("copy copied.notice from stdin (format binary)")
        )
        {
            for (var row = 0; row < rows; row++)
                Write(importer, submission, first + row, made[row].Id, made[row].Notice);
            await importer.CompleteAsync();
        }
        return rows / clock.Elapsed.TotalSeconds;
    }

    static void Write(NpgsqlBinaryImporter importer, Guid submission, long row, Guid id, MadeUpNotice notice)
    {
        importer.StartRow();
        importer.Write(id, NpgsqlDbType.Uuid);
        importer.Write(submission, NpgsqlDbType.Uuid);
        importer.Write(row, NpgsqlDbType.Bigint);
        importer.Write(MadeUp.Reference("LOAD", row), NpgsqlDbType.Text);
        importer.Write(notice.IsOutOfTrade ? "acquisitionFromTrade" : "disposalToTrade", NpgsqlDbType.Text);
        importer.Write(notice.Mark, NpgsqlDbType.Text);
        importer.Write(notice.Document, NpgsqlDbType.Text);
        importer.Write(notice.Date, NpgsqlDbType.Date);
        importer.Write((int)(20_000 + notice.Vehicle % 90_000), NpgsqlDbType.Integer);
        importer.Write(notice.Consent, NpgsqlDbType.Boolean);
        if (!notice.IsOutOfTrade)
        {
            for (var member = 0; member < 6; member++)
                importer.WriteNull();
            return;
        }
        importer.Write("Mx", NpgsqlDbType.Text);
        importer.Write(MadeUp.FirstName(row), NpgsqlDbType.Text);
        importer.Write(MadeUp.LastName(row), NpgsqlDbType.Text);
        importer.Write(MadeUp.AddressLine(row), NpgsqlDbType.Text);
        importer.Write("Swansea", NpgsqlDbType.Text);
        importer.Write("SA1 1AA", NpgsqlDbType.Text);
    }

    // Random all through, so that each row goes to another place of the index.
    Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
