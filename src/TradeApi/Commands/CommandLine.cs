using System.CommandLine;
using System.Text.Json;
using TradeApi.Database;
using TradeApi.Organisations;
using TradeApi.Tokens;
using TradeApi.Vehicles;

namespace TradeApi.Commands;

/// <summary>The commands of the program. Without one it serves. Each ends with 0 when all went well and 1 when not.</summary>
static class CommandLine
{
    public static Task<int> Run(string[] args)
    {
        // Without a command all arguments are settings of the server, such as --urls.
        if (
            args.Length == 0
            || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"))
        )
            return Guarded(() => Serve(args));
        var root = new RootCommand("TradeApi: the trade channel to a vehicle register. Without a command it serves.")
        {
            Migrate(),
            Import(),
            Client(),
            StaffCommands.Referral(),
            StaffCommands.Dispute(),
            StaffCommands.Reverse(),
            GuardCommands.Build(),
            Verify(),
        };
        return root.Parse(args).InvokeAsync();
    }

    static async Task<int> Serve(string[] args)
    {
        await using var app = await Server.Build(args);
        await app.RunAsync();
        return 0;
    }

    static Command Migrate()
    {
        var command = new Command("migrate", "Brings the three stores to the schema of this program.");
        command.SetAction(
            (_, _) => With((_, _) => Task.FromResult(Done("The three stores have the schema of this program.")))
        );
        return command;
    }

    static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "The file to read." };
        var live = Live("Into the live register instead of the sandbox.");

        var organisations = new Command("organisations", "Takes organisations and mandates in from a JSON file.")
        {
            file,
            live,
        };
        organisations.SetAction(
            (arguments, cancel) =>
                WithFile(
                    arguments.GetRequiredValue(file),
                    (stores, clock, content) =>
                        new OrganisationImport(stores, clock).Run(content, arguments.GetValue(live), cancel)
                )
        );

        var certificates = new Command(
            "certificates",
            "Takes certificates that give the right to a mark in from a CSV file: certificateNumber, registrationNumber, expiresOn."
        )
        {
            file,
            live,
        };
        certificates.SetAction(
            (arguments, cancel) =>
                WithFile(
                    arguments.GetRequiredValue(file),
                    (stores, clock, content) =>
                        new CertificateImport(arguments.GetValue(live) ? stores.Live : stores.Sandbox, clock).Run(
                            content,
                            cancel
                        )
                )
        );
        return new Command("import", "Takes records in from a file.")
        {
            organisations,
            ImportRegister.Command(),
            certificates,
        };
    }

    static Command Client()
    {
        var organisation = new Argument<string>("organisation") { Description = "The id of the organisation." };
        var live = Live("A client of the live register instead of the sandbox.");
        var key = new Option<string>("--key")
        {
            Description = "A public key (JWK, or a file that holds one) for private_key_jwt, instead of a secret.",
        };
        var keepers = new Option<bool>("--keepers")
        {
            Description =
                "Lets it ask who was the keeper on a day, by contract. Insurers may without; for others somebody must have agreed to it.",
        };
        var add = new Command("add", "Adds a client and prints its id and secret, once and never again.")
        {
            organisation,
            live,
            key,
            keepers,
        };
        add.SetAction(
            (arguments, cancel) =>
                With(
                    (stores, clock) =>
                        AddClient(
                            stores,
                            clock,
                            arguments.GetRequiredValue(organisation),
                            arguments.GetValue(live) ? "live" : "sandbox",
                            arguments.GetValue(key),
                            arguments.GetValue(keepers),
                            cancel
                        )
                )
        );
        return new Command("client", "The software of an organisation.") { add };
    }

    static Command Verify()
    {
        var command = new Command(
            "verify",
            "Checks what must always hold on the data as it is, and names each breach."
        );
        command.SetAction(
            (_, cancel) =>
                With(
                    async (stores, _) =>
                    {
                        var breaches = await Verification.Run(stores, cancel);
                        foreach (var breach in breaches)
                            await Console.Error.WriteLineAsync(breach);
                        await Console.Out.WriteLineAsync(
                            breaches.Count == 0 ? "Clean." : $"{breaches.Count} breaches."
                        );
                        return breaches.Count == 0 ? 0 : 1;
                    },
                    migrate: false
                )
        );
        return command;
    }

    internal static Option<bool> Live(string description) => new("--live") { Description = description };

    static async Task<int> AddClient(
        Stores stores,
        TimeProvider clock,
        string organisation,
        string environment,
        string? key,
        bool keepers,
        CancellationToken cancel
    )
    {
        // A key may be given as it is or as a file, since a shell likes to eat its quotes.
        if (key is not null && File.Exists(key))
            key = await File.ReadAllTextAsync(key, cancel);
        var added = await new ClientStore(stores, clock).Add(
            organisation,
            environment,
            key,
            "operator",
            keepers,
            cancel
        );
        await Console.Out.WriteLineAsync(
            JsonSerializer.Serialize(
                new
                {
                    clientId = added.ClientId,
                    clientSecret = added.Secret,
                    environment,
                    organisation,
                }
            )
        );
        return 0;
    }

    static Task<int> WithFile(FileInfo file, Func<Stores, TimeProvider, Stream, Task<ImportReport>> import) =>
        With(
            async (stores, clock) =>
            {
                await using var content = file.OpenRead();
                var report = await import(stores, clock, content);
                foreach (var refusal in report.Refused)
                    await Console.Error.WriteLineAsync(refusal);
                await Console.Out.WriteLineAsync(
                    $"{report.Loaded} loaded, {report.AlreadyThere} already there, {report.Refused.Count} refused"
                );
                return report.Refused.Count == 0 ? 0 : 1;
            }
        );

    internal static Task<int> With(Func<Stores, TimeProvider, Task<int>> action, bool migrate = true) =>
        Guarded(async () =>
        {
            // The settings of the server: the same files and variables, in the same order.
            await using var stores = Stores.From(Settings.From(WebApplication.CreateBuilder().Configuration));
            if (migrate)
                await Migrator.Run(stores, TimeProvider.System);
            else
                await Migrator.Check(stores);
            return await action(stores, TimeProvider.System);
        });

    // What an operator can mend is said in a sentence; everything else may show where it happened.
    static async Task<int> Guarded(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception failure)
            when (failure
                    is InvalidOperationException
                        or KeyRefusedException
                        or IOException
                        or System.Data.Common.DbException
                        or UnauthorizedAccessException
            )
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    static int Done(string message)
    {
        Console.Out.WriteLine(message);
        return 0;
    }
}
