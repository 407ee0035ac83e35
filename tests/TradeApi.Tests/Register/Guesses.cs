using System.Globalization;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Register;

/// <summary>Notices with a wrong proof.</summary>
static class Guesses
{
    /// <summary>A disposal whose document number is the given one of ten thousand wrong ones.</summary>
    public static JsonObject Wrong(TestVehicle vehicle, int number, string? onBehalfOf = null) =>
        Notices.Disposal(
            vehicle with
            {
                Document = (30_000_000_000 + number).ToString(CultureInfo.InvariantCulture),
            },
            onBehalfOf: onBehalfOf
        );

    /// <summary>Sends three wrong proofs, so that the mark is locked for the partner's organisation.</summary>
    public static async Task Lock(Partner partner, TestVehicle vehicle, int from = 1)
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(["vehicle.not-matched"], (await partner.Send(Wrong(vehicle, from + i))).Codes);
    }

    /// <summary>The instant that a finding names as the end of the lock.</summary>
    public static DateTimeOffset LockEnd(string message) =>
        DateTimeOffset.Parse(message[^21..^1], CultureInfo.InvariantCulture);

    public static Task<long> WrongProofsOf(TradeApiHost host, TestVehicle vehicle) =>
        host.QueryRegister<long>(
            "select count(*) from wrong_proof where registration_number = @Mark",
            new { vehicle.Mark }
        );

    public static async Task<TradeApiHost> OwnHost(string database)
    {
        var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        return host;
    }

    /// <summary>
    /// Gives all organisations so much honest trade, at an hour that does not pass, that wrong proofs never hold them.
    /// </summary>
    public static async Task<TradeApiHost> Trusted(this TradeApiHost host)
    {
        await host.ExecuteRegister(
            """
            insert into proof_hour (organisation_id, hour, notices, wrong)
                 values ('org_dealer1', @Hour, 100000, 0),
                        ('org_dealer2', @Hour, 100000, 0),
                        ('org_dealer3', @Hour, 100000, 0)
            on conflict do nothing
            """,
            new { Hour = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) }
        );
        return host;
    }
}
