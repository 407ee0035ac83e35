using System.Net;
using Microsoft.Extensions.Time.Testing;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class FailureThrottling
{
    readonly FakeTimeProvider clock = new();

    [Fact]
    public void The_table_of_failures_has_a_largest_size()
    {
        var throttle = new FailureThrottle(clock, capacity: 100);

        for (var i = 0; i < 10_000; i++)
            throttle.Failed(i + new string('x', 1000), IPAddress.Loopback);

        Assert.InRange(throttle.Kept, 1, 100);
    }

    [Fact]
    public void What_is_over_is_forgotten()
    {
        var throttle = new FailureThrottle(clock);
        for (var i = 0; i < 50; i++)
            throttle.Failed("client" + i, IPAddress.Loopback);

        clock.Advance(TimeSpan.FromMinutes(1));
        throttle.Failed("another", IPAddress.Loopback);

        Assert.Equal(1, throttle.Kept);
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_count_as_one()
    {
        var throttle = new FailureThrottle(clock);

        for (var i = 0; i < 5; i++)
            throttle.Failed("client", IPAddress.Parse($"2001:db8:1:2::{i}"));

        Assert.NotNull(throttle.Wait("client", IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.Null(throttle.Wait("client", IPAddress.Parse("2001:db8:1:3::1")));
        Assert.Null(throttle.Wait("other", IPAddress.Parse("2001:db8:1:2::1")));
    }

    [Fact]
    public void An_IPv4_address_is_the_same_in_either_notation()
    {
        var throttle = new FailureThrottle(clock);

        for (var i = 0; i < 5; i++)
            throttle.Failed("client", IPAddress.Parse("192.0.2.1"));

        Assert.NotNull(throttle.Wait("client", IPAddress.Parse("::ffff:192.0.2.1")));
    }
}
