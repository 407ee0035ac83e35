using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using TradeApi.Database;

namespace TradeApi.Load.Register;

/// <summary>
/// Fills the sandbox register of a migrated database with made-up vehicles, past the import: 40 million of them are to be
/// there in minutes. Indexes are dropped before and made anew after.
/// </summary>
static class MadeUpRegister
{
    const string Columns = """
        vehicle_id, registration_number, vin, make, model, colour, fuel_type, vehicle_class, date_of_first_registration, state,
        state_since, held_by, stolen, dispute_open, document_suppressed, off_road, last_mileage, document_reference_number,
        keepership_id, keepership_started_on, keeper_title, keeper_first_names, keeper_last_name, keeper_address_line1,
        keeper_post_town, keeper_postcode
        """;

    static readonly DateOnly FirstRegistered = new(2012, 3, 1);
    static readonly DateOnly Since = new(2020, 1, 1);

    public static async Task FillPostgres(string connectionString, long vehicles)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = "sandbox",
            CommandTimeout = 0,
        };
        await using var source = NpgsqlDataSource.Create(settings);
        await using var connection = await source.OpenConnectionAsync();
        var indexes = await DropIndexes(connection);
        // Two connections: writing a row costs this side as much as the other.
        await Task.WhenAll(Copy(source, 0, vehicles / 2), Copy(source, vehicles / 2, vehicles));
        foreach (var index in indexes)
            await connection.ExecuteAsync($"set maintenance_work_mem = '1GB'; {index}");
        await connection.ExecuteAsync("vacuum (analyze) vehicle");
        await connection.ExecuteAsync("checkpoint;");
    }

    static async Task Copy(NpgsqlDataSource source, long from, long to)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var importer = await connection.BeginBinaryImportAsync(
            $"copy vehicle ({Columns}) from stdin (format binary)"
        );
        importer.Timeout = TimeSpan.Zero;
        for (var vehicle = from; vehicle < to; vehicle++)
            WriteVehicle(importer, vehicle);
        await importer.CompleteAsync();
    }

    static void WriteVehicle(NpgsqlBinaryImporter importer, long vehicle)
    {
        var isInTrade = MadeUp.IsInTrade(vehicle);
        importer.StartRow();
        importer.Write(MadeUp.VehicleId(vehicle), NpgsqlDbType.Uuid);
        importer.Write(MadeUp.Mark(vehicle), NpgsqlDbType.Text);
        importer.Write(MadeUp.Vin(vehicle), NpgsqlDbType.Text);
        importer.Write("EXAMPLE", NpgsqlDbType.Text);
        importer.Write("HATCH", NpgsqlDbType.Text);
        importer.Write("BLUE", NpgsqlDbType.Text);
        importer.Write("PETROL", NpgsqlDbType.Text);
        importer.Write("car", NpgsqlDbType.Text);
        importer.Write(FirstRegistered, NpgsqlDbType.Date);
        importer.Write(isInTrade ? "inTrade" : "withKeeper", NpgsqlDbType.Text);
        importer.Write(Since, NpgsqlDbType.Date);
        if (isInTrade)
            importer.Write(MadeUp.Trader, NpgsqlDbType.Text);
        else
            importer.WriteNull();
        for (var flag = 0; flag < 4; flag++)
            importer.Write(false, NpgsqlDbType.Boolean);
        importer.Write((int)(vehicle % 20_000), NpgsqlDbType.Integer);
        importer.Write(MadeUp.Document(vehicle), NpgsqlDbType.Text);
        if (isInTrade)
        {
            for (var column = 0; column < 8; column++)
                importer.WriteNull();
            return;
        }
        importer.Write(MadeUp.KeepershipId(vehicle), NpgsqlDbType.Uuid);
        importer.Write(Since, NpgsqlDbType.Date);
        importer.Write("Ms", NpgsqlDbType.Text);
        importer.Write(MadeUp.FirstName(vehicle), NpgsqlDbType.Text);
        importer.Write(MadeUp.LastName(vehicle), NpgsqlDbType.Text);
        importer.Write(MadeUp.AddressLine(vehicle), NpgsqlDbType.Text);
        importer.Write("Swansea", NpgsqlDbType.Text);
        importer.Write("SA1 1AA", NpgsqlDbType.Text);
    }

    // Answers the statements that make them again.
    static async Task<List<string>> DropIndexes(NpgsqlConnection connection)
    {
        var again = new List<string>();
        var constraints = await connection.QueryAsync<(string Table, string Name, string Definition)>(
            """
            select c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
              from pg_constraint c
             where c.conrelid = 'vehicle'::regclass
               and c.contype in ('u', 'p')
            """
        );
        foreach (var (table, name, definition) in constraints)
        {
            await connection.ExecuteAsync($"alter table {table} drop constraint {name}");
            again.Insert(0, $"alter table {table} add constraint {name} {definition}");
        }
        var indexes = await connection.QueryAsync<(string Name, string Definition)>(
            """
            select quote_ident(indexname), indexdef
              from pg_indexes
             where schemaname = 'sandbox'
               and tablename = 'vehicle'
            """
        );
        foreach (var (name, definition) in indexes)
        {
            await connection.ExecuteAsync($"drop index {name}");
            again.Add(definition);
        }
        return again;
    }

    public static void FillSqlite(string path, long vehicles)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        connection.Execute(
            "pragma journal_mode = wal; pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -500000"
        );
        var indexes = connection
            .Query<(string Name, string Sql)>(
                "select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name = 'vehicle'"
            )
            .AsList();
        foreach (var (name, _) in indexes)
            connection.Execute($"drop index {name}");
        using (var transaction = connection.BeginTransaction())
        {
            Insert(
                connection,
                $"insert into vehicle ({Columns}) values ($0, $1, $2, 'EXAMPLE', 'HATCH', 'BLUE', 'PETROL', 'car', '2012-03-01', $3, '2020-01-01', $4, 0, 0, 0, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                vehicles,
                vehicle =>
                    MadeUp.IsInTrade(vehicle)
                        ?
                        [
                            .. OfVehicle(vehicle, "inTrade", MadeUp.Trader),
                            .. Enumerable.Repeat<object>(DBNull.Value, 8),
                        ]
                        :
                        [
                            .. OfVehicle(vehicle, "withKeeper", DBNull.Value),
                            Types.ForSqlite(MadeUp.KeepershipId(vehicle)),
                            "2020-01-01",
                            "Ms",
                            MadeUp.FirstName(vehicle),
                            MadeUp.LastName(vehicle),
                            MadeUp.AddressLine(vehicle),
                            "Swansea",
                            "SA1 1AA",
                        ]
            );
            transaction.Commit();
        }
        foreach (var (_, sql) in indexes)
            connection.Execute(sql);
        connection.Execute("analyze; pragma wal_checkpoint(truncate)");
    }

    static object[] OfVehicle(long vehicle, string state, object heldBy) =>
        [
            Types.ForSqlite(MadeUp.VehicleId(vehicle)),
            MadeUp.Mark(vehicle),
            MadeUp.Vin(vehicle),
            state,
            heldBy,
            vehicle % 20_000,
            MadeUp.Document(vehicle),
        ];

    static void Insert(SqliteConnection connection, string sql, long vehicles, Func<long, object[]> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var vehicle = 0L; vehicle < vehicles; vehicle++)
        {
            var row = values(vehicle);
            for (var i = 0; i < row.Length; i++)
                if (command.Parameters.Count <= i)
                    command.Parameters.AddWithValue($"${i}", row[i]);
                else
                    command.Parameters[i].Value = row[i];
            command.ExecuteNonQuery();
        }
    }
}
