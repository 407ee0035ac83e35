using System.Data.Common;
using Dapper;
using TradeApi.Database;
using TradeApi.Register;

namespace TradeApi.Tests.Register;

/// <summary>Rows written in bulk, by arrays on PostgreSQL and by SQLite's own statements.</summary>
public class BulkRows
{
    sealed record Row
    {
        public int Place { get; init; }
        public string? Text { get; init; }
        public byte[]? Bytes { get; init; }
        public Guid? Id { get; init; }
        public DateOnly? Day { get; init; }
        public DateTimeOffset? At { get; init; }
        public int? Number { get; init; }
        public bool? Yes { get; init; }
        public long? Position { get; init; }
    }

    static readonly Column<Row>[] Columns =
    [
        Column<Row>.Of<int>("place", row => row.Place),
        Column<Row>.Of("text", row => row.Text),
        Column<Row>.Of("bytes", row => row.Bytes),
        Column<Row>.Of("id", row => row.Id),
        Column<Row>.Of("day", row => row.Day),
        Column<Row>.Of("at", row => row.At),
        Column<Row>.Of("number", row => row.Number),
        Column<Row>.Of("yes", row => row.Yes),
        Column<Row>.Of("position", row => row.Position),
    ];

    static readonly Row[] Rows =
    [
        new(),
        new() { Text = "", Bytes = [] },
        new() { Text = new string('é', 170) },
        // More than there is room for at first.
        new() { Text = new string('x', 100_000), Bytes = new byte[100_000] },
        new() { Text = "Zoë \U0001F697 'quoted'", Bytes = [0, 255, 39] },
        new() { Text = new string('x', 10_000), Bytes = new byte[10_000] },
        new()
        {
            Id = Guid.Parse("01a21293-b79c-7ffd-98e2-69e3c4bce105"),
            Day = new DateOnly(2026, 2, 28),
            At = new DateTimeOffset(2026, 11, 28, 23, 59, 59, 999, TimeSpan.Zero),
            Number = int.MinValue,
            Yes = true,
            Position = long.MaxValue,
        },
        new()
        {
            Day = DateOnly.MinValue,
            Number = 0,
            Yes = false,
            Position = 0,
        },
    ];

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_kind_of_value_is_read_as_it_was_written_and_nothing_is_nothing(string database)
    {
        await using var host = await Host(database);
        var rows = Rows.Select((row, place) => row with { Place = place }).ToList();

        await Write(host, rows);

        await AssertHas(host, rows);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Rows_are_written_as_they_were_when_they_were_gathered(string database)
    {
        await using var host = await Host(database);
        var rows = new List<Row>
        {
            new() { Place = 1, Text = "one" },
        };
        var writes = new Writes(host.Stores.Sandbox);
        writes.Insert("bulk_row", rows, Columns);
        rows[0] = new Row { Place = 2, Text = "two" };

        await using (var transaction = await host.Stores.Sandbox.Begin())
            await writes.Commit(transaction);

        await AssertHas(host, [new Row { Place = 1, Text = "one" }]);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_many_rows_have_in_common_is_written_to_each_of_them(string database)
    {
        await using var host = await Host(database);
        // So many of a kind that each value but the place goes once.
        var rows = Rows.SelectMany(row => Enumerable.Repeat(row, 150))
            .Select((row, place) => row with { Place = place });
        foreach (var alike in rows.Chunk(150))
            await Write(host, alike);

        await AssertHas(host, rows.ToList());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Many_rows_are_updated_to_what_they_have_in_common_and_to_nothing(string database)
    {
        await using var host = await Host(database);
        var rows = Enumerable.Range(1, 150).Select(place => new Row { Place = place, Text = "before" }).ToList();
        await Write(host, rows);

        foreach (var text in new[] { "after", null })
        {
            var changed = rows.ConvertAll(row => row with { Text = text, Position = row.Place % 2 });
            await Commit(
                host,
                writes =>
                    writes.Update(
                        "bulk_row",
                        changed,
                        [Column("place")],
                        Column("text"),
                        Column("position"),
                        Column("day")
                    )
            );
            await AssertHas(host, changed);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Many_rows_with_something_in_common_are_numbered_in_their_order(string database)
    {
        await using var host = await Host(database);
        var rows = Enumerable
            .Range(1, 150)
            .Select(place => new Row
            {
                Place = place,
                Text = "one",
                Position = 1000 + place,
            })
            .ToList();

        await Commit(
            host,
            writes =>
                writes.InsertBehind(
                    "bulk_row",
                    rows,
                    "(select 1151)",
                    [Column<Row>.Of<int>("position", row => 151 - row.Place)],
                    [Column("place"), Column("text")]
                )
        );

        await AssertHas(host, rows);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_key_that_is_taken_is_told_as_such_and_leaves_nothing_behind(string database)
    {
        await using var host = await Host(database);
        await Write(host, [new Row { Place = 1 }]);

        var told = await Assert.ThrowsAnyAsync<Exception>(() =>
            Write(host, [new Row { Place = 2 }, new Row { Place = 1 }, new Row { Place = 3 }])
        );

        Assert.True(VehicleRegister.IsCollision(told), told.ToString());
        await Write(host, [new Row { Place = 3 }]);
        Assert.Equal([1, 3], await Places(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_is_written_and_committed_in_one_go_is_there_with_what_was_asked_meanwhile(string database)
    {
        await using var host = await Host(database);
        await using var other = await host.Stores.Sandbox.Open();
        IReadOnlyList<int> asked = [];
        IReadOnlyList<int> seenByOthers = [];

        await Commit(
            host,
            writes =>
            {
                writes.Insert("bulk_row", [new Row { Place = 1 }, new Row { Place = 2 }], Columns);
                writes.Ask<int>(
                    "select place from bulk_row order by place",
                    new { },
                    places =>
                    {
                        asked = places;
                        seenByOthers = PlacesIn(other);
                    }
                );
                writes.Insert("bulk_row", [new Row { Place = 3 }], Columns);
            }
        );

        Assert.Equal([1, 2], asked);
        // PostgreSQL has committed in the same round; SQLite answers at once.
        Assert.Equal(host.Stores.Sandbox.IsPostgres ? [1, 2, 3] : [], seenByOthers);
        Assert.Equal([1, 2, 3], await Places(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_statement_that_fails_before_the_commit_takes_all_others_with_it(string database)
    {
        await using var host = await Host(database);

        var told = await Assert.ThrowsAnyAsync<Exception>(() =>
            Commit(
                host,
                writes =>
                {
                    writes.Insert("bulk_row", [new Row { Place = 1 }], Columns);
                    writes.Insert("bulk_row", [new Row { Place = 1 }], Columns);
                    writes.Insert("bulk_row", [new Row { Place = 2 }], Columns);
                }
            )
        );

        Assert.True(VehicleRegister.IsCollision(told), told.ToString());
        Assert.Empty(await Places(host));
        await Commit(host, writes => writes.Insert("bulk_row", [new Row { Place = 1 }], Columns));
        Assert.Equal([1], await Places(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_answer_that_is_looked_at_can_call_off_all_that_was_written(string database)
    {
        await using var host = await Host(database);
        await using var other = await host.Stores.Sandbox.Open();
        IReadOnlyList<int> seenByOthers = [0];

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Commit(
                host,
                writes =>
                {
                    writes.Insert("bulk_row", [new Row { Place = 1 }], Columns);
                    writes.Check<int>(
                        "select place from bulk_row",
                        new { },
                        places =>
                        {
                            seenByOthers = PlacesIn(other);
                            throw new InvalidDataException($"{places.Count}");
                        }
                    );
                    writes.Insert("bulk_row", [new Row { Place = 2 }], Columns);
                }
            )
        );

        Assert.Empty(seenByOthers);
        Assert.Empty(await Places(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Rows_are_updated_by_a_key_of_two_columns_and_a_value_may_become_nothing(string database)
    {
        await using var host = await Host(database);
        await Write(host, [At(1, 10, "one"), At(2, 20, "two"), At(3, 30)]);

        await Commit(
            host,
            writes =>
                writes.Update(
                    "bulk_row",
                    [At(1, 10), At(2, 21, "of no row"), At(3, 30, "three")],
                    [Column("place"), Column("position")],
                    Column("text")
                )
        );

        Assert.Equal([null, "two", "three"], await Values<string?>(host, "text"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Rows_are_numbered_by_how_far_they_are_before_a_number_that_the_run_itself_has_set(string database)
    {
        await using var host = await Host(database);
        await Write(host, [new Row { Place = 1, Position = 5 }]);

        await Commit(
            host,
            writes =>
            {
                writes.Update("bulk_row", [new Row { Place = 1, Position = 9 }], [Column("place")], Column("position"));
                writes.InsertBehind(
                    "bulk_row",
                    [new Row { Place = 2 }, new Row { Place = 3 }],
                    "(select max(position) from bulk_row)",
                    [Column<Row>.Of<int>("position", row => row.Place)],
                    [Column("place"), Column("text")]
                );
            }
        );

        Assert.Equal([9L, 7, 6], await Values<long>(host, "position"));
    }

    static async Task AssertHas(TradeApiHost host, List<Row> rows)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        var read = (await connection.QueryAsync<Row>("select * from bulk_row order by place")).AsList();
        Assert.Equal(rows.Count, read.Count);
        Assert.All(
            rows.Zip(read),
            pair =>
            {
                Assert.Equal(pair.First.Bytes, pair.Second.Bytes);
                Assert.Equal(pair.First with { Bytes = null }, pair.Second with { Bytes = null });
            }
        );
    }

    static Row At(int place, long position, string? text = null) =>
        new()
        {
            Place = place,
            Position = position,
            Text = text,
        };

    static Column<Row> Column(string name) => Array.Find(Columns, column => column.Name == name)!;

    static async Task<TradeApiHost> Host(string database)
    {
        var host = await TradeApiHost.Start(database);
        await host.ExecuteRegister(
            """
            create table bulk_row (
                place    integer not null primary key,
                text     text,
                bytes    bytea,
                id       uuid,
                day      date,
                at       timestamptz,
                number   integer,
                yes      boolean,
                position bigint
            )
            """
        );
        return host;
    }

    static async Task Write(TradeApiHost host, IReadOnlyCollection<Row> rows)
    {
        await using var transaction = await host.Stores.Sandbox.Begin();
        await Bulk.Insert(transaction, "bulk_row", rows, Columns);
        await transaction.Commit();
    }

    static async Task Commit(TradeApiHost host, Action<Writes> write)
    {
        await using var transaction = await host.Stores.Sandbox.Begin();
        var writes = new Writes(host.Stores.Sandbox);
        write(writes);
        await writes.Commit(transaction);
    }

    static Task<List<int>> Places(TradeApiHost host) => Values<int>(host, "place");

    static async Task<List<TValue>> Values<TValue>(TradeApiHost host, string column)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        return (await connection.QueryAsync<TValue>($"select {column} from bulk_row order by place")).AsList();
    }

    static List<int> PlacesIn(DbConnection connection) =>
        connection.Query<int>("select place from bulk_row order by place").AsList();
}
