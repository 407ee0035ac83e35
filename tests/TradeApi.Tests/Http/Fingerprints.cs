using System.Security.Cryptography;
using System.Text;
using TradeApi.Http;
using TradeApi.Rules;

namespace TradeApi.Tests.Http;

/// <summary>A key is kept for at least 30 days with the fingerprint of its body, also by a version of the program that comes later.</summary>
public class Fingerprints
{
    [Theory]
    [InlineData(1)]
    [InlineData(2_000)]
    public void A_fingerprint_is_that_of_the_members_in_the_order_of_their_paths(int length)
    {
        var name = new string('é', length);
        var body = new JsonBody(
            [],
            [
                new Member("newKeeper.lastName", MemberKind.Text, name),
                new Member("mileage", MemberKind.Number, "12"),
                new Member("Type", MemberKind.Text, "disposalToTrade"),
            ],
            null
        );

        Assert.Equal(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"Type\0Text\0disposalToTrade\0mileage\0Number\012\0newKeeper.lastName\0Text\0{name}\0"
                )
            ),
            body.Fingerprint()
        );
    }
}
