using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TradeApi.Client.Tests;
using TradeApi.Database;
using TradeApi.Organisations;
using TradeApi.Tokens;
using TradeApi.Vehicles;

[assembly: AssemblyFixture(typeof(RunningHost))]

namespace TradeApi.Client.Tests;

/// <summary>The real host in this process, on a port of its own, with the sample register in a temporary directory.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("tradeapi-client-tests-");
    readonly string[][] register = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "register.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .ToArray();
    WebApplication? host;
    int taken;
    int sold;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}/");

    /// <summary>The software of org_dealer1, by a secret.</summary>
    public ClientCredentials Dealer { get; private set; } = null!;

    /// <summary>The same secret in the form.</summary>
    public ClientCredentials DealerByForm { get; private set; } = null!;

    /// <summary>The software of org_dealer1, by a private key.</summary>
    public ClientCredentials DealerByKey { get; private set; } = null!;

    /// <summary>The day of events in tests: yesterday is past wherever this runs.</summary>
    public static DateOnly EventDate => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);

    public async ValueTask InitializeAsync()
    {
        host = await Server.Build([
            $"--urls={Address}",
            $"--TradeApi:Issuer={Address}",
            "--TradeApi:Database=sqlite",
            $"--TradeApi:DataDirectory={directory.FullName}",
            "--Logging:LogLevel:Default=Error",
        ]);
        var stores = host.Services.GetRequiredService<Stores>();
        await using (var file = Data("organisations.json"))
            await new OrganisationImport(stores, TimeProvider.System).Run(file, live: false, CancellationToken.None);
        await using (var file = Data("register.csv"))
            await new RegisterImport(stores.Sandbox, TimeProvider.System).Run(file, CancellationToken.None);

        var clients = new ClientStore(stores, TimeProvider.System);
        var bySecret = await clients.Add("org_dealer1", "sandbox", null, "tests", cancel: CancellationToken.None);
        Dealer = ClientCredentials.FromSecret(bySecret.ClientId, bySecret.Secret!);
        DealerByForm = ClientCredentials.FromSecret(bySecret.ClientId, bySecret.Secret!, SecretPlacement.Form);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var byKey = await clients.Add("org_dealer1", "sandbox", Jwk(key), "tests", cancel: CancellationToken.None);
        DealerByKey = ClientCredentials.FromPrivateKeyPem(byKey.ClientId, key.ExportPkcs8PrivateKeyPem(), "tests");
        await host.StartAsync();
    }

    public TradeApiClient Client(ClientCredentials? credentials = null) => new(Address, credentials ?? Dealer);

    /// <summary>A disposal of a vehicle that no other test has.</summary>
    public DisposalToTrade Disposal()
    {
        var number = Interlocked.Increment(ref taken);
        var vehicle = register[number - 1];
        return new DisposalToTrade
        {
            ClientReference = $"TEST-IN-{number}",
            RegistrationNumber = vehicle[0],
            DocumentReferenceNumber = vehicle[2],
            EventDate = EventDate,
            KeeperConsent = true,
            MarkRightsConsent = true,
        };
    }

    /// <summary>A sale out of the dealer's stock, of a vehicle that no other test has.</summary>
    public AcquisitionFromTrade Sale()
    {
        var number = Interlocked.Increment(ref sold);
        var vehicle = register.Where(cells => cells[9] == "inTrade").ElementAt(number - 1);
        return new AcquisitionFromTrade
        {
            ClientReference = $"TEST-OUT-{number}",
            RegistrationNumber = vehicle[0],
            DocumentReferenceNumber = vehicle[2],
            EventDate = EventDate,
            KeeperConsent = true,
            TaxChoice = "none",
            NewKeeper = new NewKeeper
            {
                FirstNames = "Siân",
                LastName = "O'Sample",
                Address = new Address
                {
                    Line1 = "1 Example Street",
                    PostTown = "Swansea",
                    Postcode = "SA1 1AA",
                },
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        directory.Delete(recursive: true);
    }

    static FileStream Data(string name) => File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", name));

    static string Jwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return JsonSerializer.Serialize(
            new
            {
                kty = "EC",
                crv = "P-256",
                kid = "tests",
                x = System.Buffers.Text.Base64Url.EncodeToString(point.X),
                y = System.Buffers.Text.Base64Url.EncodeToString(point.Y),
            }
        );
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
