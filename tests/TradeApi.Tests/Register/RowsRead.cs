using TradeApi.Database;

namespace TradeApi.Tests.Register;

/// <summary>Rows as a batch reads them: on SQLite by a reader of our own.</summary>
public class RowsRead
{
    const string Id = "01a21293-b79c-7ffd-98e2-69e3c4bce105";

    // Each kind of value that a vehicle has. The sure ones keep what they have where the row has nothing.
    sealed record Row
    {
        public string? Text { get; init; }
        public Guid? ChangeId { get; init; }
        public DateOnly? Day { get; init; }
        public int? Mileage { get; init; }
        public Guid SureId { get; init; }
        public DateOnly SureDay { get; init; }
        public bool Yes { get; init; }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_kind_of_value_is_read_as_it_is_kept_and_nothing_leaves_what_was_there(string database)
    {
        await using var host = await Host(database);
        await host.ExecuteRegister(
            $"""
            insert into read_row (place, text, change_id, day, mileage, yes)
            values (1, null, null, null, null, null),
                   (2, '', '{Id}', '2026-02-28', -2147483648, false),
                   (3, 'Zoë 🚗 ''quoted''', '{Id.ToUpperInvariant()}', '0001-01-01', 2147483647, true),
                   (4, '12', null, null, 0, null)
            """
        );

        var rows = await Read(host, "text, change_id, day, mileage, change_id as sure_id, day as sure_day, yes, place");

        var (id, day) = (Guid.Parse(Id), new DateOnly(2026, 2, 28));
        Assert.Equal(
            [
                new(),
                new()
                {
                    Text = "",
                    ChangeId = id,
                    Day = day,
                    Mileage = int.MinValue,
                    SureId = id,
                    SureDay = day,
                },
                new()
                {
                    Text = "Zoë 🚗 'quoted'",
                    ChangeId = id,
                    Day = DateOnly.MinValue,
                    Mileage = int.MaxValue,
                    SureId = id,
                    SureDay = DateOnly.MinValue,
                    Yes = true,
                },
                new() { Text = "12", Mileage = 0 },
            ],
            rows
        );
    }

    [Theory]
    [InlineData("change_id", "01a21293-b79c-7ffd-98e2", "'01a21293-b79c-7ffd-98e2' is no id")]
    [InlineData("change_id", Id + "-0", "'" + Id + "-0' is no id")]
    [InlineData("day", "2026-02-30", "'2026-02-30' is no date")]
    [InlineData("day", "2026-02-28T00:00", "'2026-02-28T00:00' is no date")]
    [InlineData("mileage", "2147483648", "'2147483648' is no number of 32 bits")]
    [InlineData("mileage", "far", "'far' is no whole number")]
    [InlineData("mileage", "1.5", "'1.5' is no whole number")]
    [InlineData("yes", "true", "'true' is no whole number")]
    public async Task What_SQLite_keeps_though_it_is_none_is_told_when_it_is_read(
        string column,
        string value,
        string told
    )
    {
        await using var host = await Host("sqlite");
        await host.ExecuteRegister($"insert into read_row (place, {column}) values (1, '{value}')");

        var error = await Assert.ThrowsAsync<FormatException>(() => Read(host, $"{column}, place"));

        Assert.Equal(told, error.Message);
    }

    static async Task<List<Row>> Read(TradeApiHost host, string columns)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        var rows = new List<Row>();
        var reads = new Reads(connection);
        reads.Add<Row>($"select {columns} from read_row order by place", new { }, rows.Add);
        await reads.Run();
        return rows;
    }

    static async Task<TradeApiHost> Host(string database)
    {
        var host = await TradeApiHost.Start(database);
        await host.ExecuteRegister(
            """
            create table read_row (
                place     integer not null primary key,
                text      text,
                change_id uuid,
                day       date,
                mileage   integer,
                yes       boolean
            )
            """
        );
        return host;
    }
}
