using System.Data.Common;
using System.Globalization;
using Dapper;
using TradeApi.Database;
using TradeApi.Register;

namespace TradeApi.Vehicles;

/// <summary>What became of a line's vehicle.</summary>
enum Taken
{
    Loaded,
    Unchanged,
    Changed,

    /// <summary>It differs, and a notice has been recorded for it: what the notice did stays.</summary>
    LeftToNotice,
}

/// <summary>The records of vehicles as an import deals with them: compared, inserted, brought up to a line.</summary>
sealed class VehicleRecords(Transaction transaction)
{
    static readonly Column<ImportedVehicle>[] Key = [Column<ImportedVehicle>.Of<Guid>("vehicle_id", row => row.Id)];

    // An id is given here and stands in no file.
    static readonly Column<ImportedVehicle>[] Written =
    [
        .. ImportedVehicle.OfVehicle,
        Column<ImportedVehicle>.Of("keepership_id", row => row.KeepershipId),
    ];

    static readonly Column<ImportedVehicle>[] Inserted =
    [
        .. Key,
        .. Written,
        Column<ImportedVehicle>.Of("registration_number", row => row.Mark),
        Column<ImportedVehicle>.Of<bool>("dispute_open", _ => false),
    ];

    static readonly string Select = $"""
        select registration_number, vehicle_id, {string.Join(
            ", ",
            ImportedVehicle.OfVehicle.Select(column => column.Name)
        )}
          from vehicle
        """;

    /// <summary>
    /// Sees to it that the register has these vehicles as their lines say, and answers by mark what that took. Each mark
    /// may be there once.
    /// </summary>
    public async Task<Dictionary<string, Taken>> Take(List<ImportedVehicle> vehicles, CancellationToken cancel)
    {
        var taken = new Dictionary<string, Taken>(vehicles.Count, StringComparer.Ordinal);
        var found = await Find(vehicles);
        var added = vehicles.FindAll(vehicle => !found.ContainsKey(vehicle.Mark));
        var differing = vehicles.FindAll(vehicle => found.TryGetValue(vehicle.Mark, out var there) && !there.IsSame);
        foreach (var vehicle in vehicles)
            taken[vehicle.Mark] = found.ContainsKey(vehicle.Mark) ? Taken.Unchanged : Taken.Loaded;

        var changed = new List<ImportedVehicle>();
        if (differing.Count > 0)
        {
            // Only what is to be changed is locked: most of a file that comes again is as it was. What a notice did
            // while we waited for the lock is seen by the statements that follow.
            await Lock(differing);
            found = await Find(differing);
            var noticed = await Noticed(found.Values.Select(there => there.Id));
            foreach (var vehicle in differing.Where(vehicle => !found[vehicle.Mark].IsSame))
            {
                var id = found[vehicle.Mark].Id;
                taken[vehicle.Mark] = noticed.Contains(id) ? Taken.LeftToNotice : Taken.Changed;
                if (!noticed.Contains(id))
                    changed.Add(vehicle with { Id = id });
            }
        }
        // A mark that a notice has taken off a vehicle: the line is of that vehicle, which bears another one now.
        var moved = await TakenOff(added);
        foreach (var mark in moved)
            taken[mark] = Taken.LeftToNotice;
        await Write(added.FindAll(vehicle => !moved.Contains(vehicle.Mark)), changed, cancel);
        return taken;
    }

    /// <summary>Whether the register has the vehicle just as the line says.</summary>
    public async Task<bool> HasSame(ImportedVehicle vehicle) =>
        (await Find([vehicle])).TryGetValue(vehicle.Mark, out var there) && there.IsSame;

    async Task<Dictionary<string, Found>> Find(List<ImportedVehicle> vehicles)
    {
        var byMark = vehicles.ToDictionary(vehicle => vehicle.Mark, StringComparer.Ordinal);
        var store = transaction.Store;
        var found = new Dictionary<string, Found>(StringComparer.Ordinal);
        await using var rows = await transaction.Connection.ExecuteReaderAsync(
            $"{Select} where registration_number {store.AnyOf("@Marks")}",
            new { Marks = store.List(byMark.Keys) },
            transaction.Inner
        );
        while (await rows.ReadAsync())
        {
            var mark = rows.GetString(0);
            // Both databases can say an id as a Guid, whatever they keep it as.
            found[mark] = new Found(rows.GetGuid(1), IsSame(rows, byMark[mark]));
        }
        return found;
    }

    static bool IsSame(DbDataReader row, ImportedVehicle vehicle)
    {
        const int First = 2;
        var columns = ImportedVehicle.OfVehicle;
        for (var i = 0; i < columns.Length; i++)
            if (!IsSame(columns[i].Of(vehicle), row.GetValue(First + i)))
                return false;
        return true;
    }

    static bool IsSame(object? ours, object theirs) =>
        ours switch
        {
            null => theirs is DBNull,
            _ when theirs is DBNull => false,
            string text => text == (string)theirs,
            bool flag => flag == Convert.ToBoolean(theirs, CultureInfo.InvariantCulture),
            int number => number == Convert.ToInt32(theirs, CultureInfo.InvariantCulture),
            DateOnly date => theirs switch
            {
                DateOnly day => date == day,
                DateTime day => date == DateOnly.FromDateTime(day),
                _ => (string)Types.ForSqlite(date) == (string)theirs,
            },
            _ => throw new InvalidOperationException($"No column of an import is a {ours.GetType().Name}."),
        };

    // As a notice locks them, and in the same order, so that neither waits for the other in a circle.
    async Task Lock(List<ImportedVehicle> vehicles)
    {
        if (!transaction.Store.IsPostgres)
            return;
        await transaction.Connection.ExecuteAsync(
            """
            select v.vehicle_id
              from vehicle v
             where v.registration_number = any(@Marks)
             order by v.registration_number
               for no key update
            """,
            new { Marks = vehicles.ConvertAll(vehicle => vehicle.Mark).ToArray() },
            transaction.Inner
        );
    }

    async Task<HashSet<string>> TakenOff(List<ImportedVehicle> vehicles)
    {
        if (vehicles.Count == 0)
            return [];
        var store = transaction.Store;
        var marks = await transaction.Connection.QueryAsync<string>(
            $"""
            select distinct registration_number
              from keeper_change
             where registration_number {store.AnyOf("@Marks")}
               and new_registration_number is not null
               and outcome = 'accepted'
               and reversed_by is null
            """,
            new { Marks = store.List(vehicles.ConvertAll(vehicle => vehicle.Mark)) },
            transaction.Inner
        );
        return marks.ToHashSet(StringComparer.Ordinal);
    }

    async Task<HashSet<Guid>> Noticed(IEnumerable<Guid> vehicles)
    {
        var store = transaction.Store;
        var noticed = await transaction.Connection.QueryAsync<Guid>(
            $"""
            select distinct vehicle_id
              from keeper_change
             where keeper_change_id in (
                   {NoticesOfVehicle.Ids($"v.vehicle_id {store.AnyOf("@Vehicles")}")})
            """,
            new { Vehicles = store.List(vehicles) },
            transaction.Inner
        );
        return noticed.ToHashSet();
    }

    async Task Write(List<ImportedVehicle> added, List<ImportedVehicle> changed, CancellationToken cancel)
    {
        var writes = new Writes(transaction.Store);
        // No notice has touched these vehicles, so what they have is what an import gave them, and the old record was wrong
        // or is older: nothing has happened to the vehicle that would leave a keepership that ended.
        writes.Update("vehicle", changed, Key, Written);
        writes.Insert("vehicle", added, Inserted);
        await writes.Run(transaction, cancel);
        if (added.Count > 0)
            await FlagGuessed(added);
    }

    // Somebody may have tried the marks before there was a vehicle that bears them.
    Task<int> FlagGuessed(List<ImportedVehicle> added) =>
        transaction.Connection.ExecuteAsync(
            $"""
            update vehicle
               set proof_was_guessed = true
             where registration_number {transaction.Store.AnyOf("@Marks")}
               and (exists (select 1 from wrong_proof w where w.registration_number = vehicle.registration_number)
                    or exists (select 1 from proof_lock l where l.registration_number = vehicle.registration_number)
                    or exists (select 1 from guarded_mark g where g.registration_number = vehicle.registration_number))
            """,
            new { Marks = transaction.Store.List(added.ConvertAll(vehicle => vehicle.Mark)) },
            transaction.Inner
        );

    /// <summary>Which of these marks the register has, and whether another vehicle of it has the same VIN.</summary>
    public static async Task<List<(string Mark, bool SharesVin)>> Present(
        Store store,
        DbConnection connection,
        IEnumerable<string> marks
    )
    {
        var rows = await connection.QueryAsync<(string Mark, bool SharesVin)>(
            $"""
            select v.registration_number,
                   exists (
                       select 1
                         from vehicle o
                        where o.vin = v.vin
                          and o.vehicle_id <> v.vehicle_id
                   ) as shares_vin
              from vehicle v
             where v.registration_number {store.AnyOf("@Marks")}
            """,
            new { Marks = store.List(marks) }
        );
        return rows.AsList();
    }

    readonly record struct Found(Guid Id, bool IsSame);
}
