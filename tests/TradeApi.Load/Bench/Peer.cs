using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;
using TradeApi.Load.Register;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>A service that takes rows by HTTP into a table of its own on the same server, and the bodies that it is sent.</summary>
sealed class Peer : IAsyncDisposable
{
    public const int ArrayRows = 1000;
    const int SingleBodies = 20_000;
    const int ArrayBodies = 100;
    static readonly DateOnly Date = new(2026, 11, 28);

    readonly NodePeer server;
    readonly (string Single, string Bulk) paths;
    readonly string? authorization;
    readonly string directory = Leftovers.Folder("tradeapi-load-bodies-");

    Peer(string name, NodePeer peer, (string Single, string Bulk) paths, string? token, Func<long, string> row)
    {
        (Name, server, this.paths, authorization) = (name, peer, paths, token);
        File.WriteAllLines(Singles, Enumerable.Range(0, SingleBodies).Select(at => row(at)));
        File.WriteAllLines(
            Arrays,
            Enumerable
                .Range(0, ArrayBodies)
                .Select(at =>
                    $"[{string.Join(',', Enumerable.Range(at * ArrayRows, ArrayRows).Select(one => row(one)))}]"
                )
        );
    }

    public string Name { get; }

    string Singles => Path.Combine(directory, "singles.ndjson");

    string Arrays => Path.Combine(directory, "arrays.ndjson");

    /// <summary>A hand-written service; it takes the notices as they are.</summary>
    public static async Task<Peer> Fastify(PostgresServer postgres, string? data)
    {
        var peer = await NodePeer.Install("fastify", data, "fastify@5", "pg@8");
        var database = await Table(postgres, "fastify");
        await peer.Serve(
            "fastify.mjs",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DATABASE"] = database }
        );
        return await Taking(new Peer("Fastify and pg", peer, ("notices", "notices/bulk"), token: null, Notice));
    }

    /// <summary>A ready-made one; its items are the columns of the table. Later versions need a later Node.</summary>
    public static async Task<Peer> Directus(PostgresServer postgres, string? data)
    {
        var peer = await NodePeer.Install("directus", data, "directus@11.3.5");
        var token = Guid.CreateVersion7().ToString("N");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DB_CLIENT"] = "pg",
            ["DB_CONNECTION_STRING"] = await Table(postgres, "directus"),
            ["SECRET"] = Guid.CreateVersion7().ToString("N"),
            ["ADMIN_EMAIL"] = "admin@example.com",
            ["ADMIN_PASSWORD"] = token,
            ["ADMIN_TOKEN"] = token,
            ["TELEMETRY"] = "false",
            ["MAX_PAYLOAD_SIZE"] = "8mb",
        };
        var program = peer.Package("directus", "cli.js");
        await peer.Run([program, "bootstrap"], settings);
        await peer.Serve([program, "start"], settings);
        return await Taking(new Peer("Directus", peer, ("items/notice", "items/notice"), token, Item));
    }

    public int Port => server.Port;

    public Task<Posted> Single(int connections, int seconds) => Post(paths.Single, connections, seconds, Singles);

    public Task<Posted> Bulk(int connections, int seconds) => Post(paths.Bulk, connections, seconds, Arrays);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    // The first row may take much longer than the answer to a greeting: what is loaded on demand is loaded now.
    static async Task<Peer> Taking(Peer service)
    {
        using var http = new HttpClient { BaseAddress = service.server.Address, Timeout = TimeSpan.FromMinutes(3) };
        if (service.authorization is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.authorization);
        foreach (
            var (path, file) in new[] { (service.paths.Single, service.Singles), (service.paths.Bulk, service.Arrays) }
        )
        {
            using var row = new StringContent(File.ReadLines(file).First(), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(path, row);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException(
                    $"{service.Name} answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}"
                );
        }
        return service;
    }

    Task<Posted> Post(string path, int connections, int seconds, string file) =>
        Wrk.Post(
            new Uri(server.Address, path),
            connections,
            seconds,
            new Bodies("application/json", File: file, Again: true) { Token = authorization }
        );

    static string Notice(long row)
    {
        var text = new StringBuilder();
        MadeUp.WriteNotice(text, row, ArrayRows * ArrayBodies, Date, "LOAD");
        return text.ToString();
    }

    static string Item(long row)
    {
        var notice = MadeUp.Notice(row, ArrayRows * ArrayBodies, Date);
        return JsonSerializer.Serialize(
            new
            {
                client_reference = MadeUp.Reference("LOAD", row),
                type = notice.IsOutOfTrade ? "acquisitionFromTrade" : "disposalToTrade",
                registration_number = notice.Mark,
                document_reference_number = notice.Document,
                event_date = notice.Date,
                mileage = 20_000 + notice.Vehicle % 90_000,
                keeper_consent = notice.Consent,
                mark_rights_consent = true,
                tax_choice = "none",
                title = "Mx",
                first_names = MadeUp.FirstName(row),
                last_name = MadeUp.LastName(row),
                address_line = MadeUp.AddressLine(row),
                postcode = "SA1 1AA",
            }
        );
    }

    // The same columns and indexes as the table that COPY fills in the bulk bench; nor is it vacuumed, while another is measured.
    static async Task<string> Table(PostgresServer postgres, string database)
    {
        await using var admin = new NpgsqlConnection(postgres.ConnectionString);
        await admin.ExecuteAsync($"drop database if exists {database} with (force)");
        await admin.ExecuteAsync($"create database {database}");
        await using var connection = new NpgsqlConnection($"{postgres.ConnectionString};Database={database}");
        await connection.ExecuteAsync(
            """
            create table notice (
                notice_id uuid primary key default gen_random_uuid(), received_at timestamptz default now(),
                client_reference text not null, type text not null, registration_number text not null,
                document_reference_number text not null, event_date date not null, mileage integer,
                keeper_consent boolean not null, mark_rights_consent boolean, tax_choice text, title text,
                first_names text, last_name text, address_line text, postcode text)
                with (autovacuum_enabled = off);
            create index on notice (registration_number, event_date);
            """
        );
        return string.Create(CultureInfo.InvariantCulture, $"postgres://postgres@127.0.0.1:{postgres.Port}/{database}");
    }
}
