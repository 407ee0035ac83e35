namespace TradeApi.Tests;

/// <summary>Ids that are made for many rows at once.</summary>
public class IdsInOrder
{
    static readonly DateTimeOffset At = new(2026, 11, 25, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void They_are_UUIDs_of_version_7_with_their_instant_in_the_order_of_their_places()
    {
        var ids = Enumerable.Range(0, 4096).Select(place => Ids.New(At, place)).ToList();

        Assert.All(ids, id => Assert.Equal((7, 0x8), (id.Version, id.Variant & 0xC)));
        Assert.All(
            ids,
            id => Assert.StartsWith($"{At.ToUnixTimeMilliseconds():x12}", id.ToString("N"), StringComparison.Ordinal)
        );
        var texts = ids.ConvertAll(id => id.ToString("N"));
        Assert.Equal(texts.Order(StringComparer.Ordinal), texts);
        Assert.Equal(4096, ids.Select(id => id.ToString("N")[16..]).Distinct().Count());
    }

    [Fact]
    public async Task Those_that_come_alone_are_all_different_whatever_thread_makes_them()
    {
        const int Each = 5000;
        var made = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Task.Run(() => Enumerable.Range(0, Each).Select(_ => Ids.New(At)).ToList()))
        );

        var ids = made.SelectMany(list => list).ToHashSet();
        Assert.Equal(8 * Each, ids.Count);
        Assert.All(ids, id => Assert.Equal((7, 0x8), (id.Version, id.Variant & 0xC)));
        Assert.All(
            ids,
            id => Assert.StartsWith($"{At.ToUnixTimeMilliseconds():x12}", id.ToString("N"), StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4096)]
    public void There_are_no_more_places_in_an_instant_than_its_bits_hold(int place) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ids.New(At, place));
}
