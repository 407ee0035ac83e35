using System.CommandLine;

namespace TradeApi.Load.Crash;

static class CrashCommand
{
    public static Command Build()
    {
        var database = new Option<string>("--database") { DefaultValueFactory = _ => "postgres" };
        database.AcceptOnlyFromAmong("postgres", "sqlite");
        var cycles = new Option<int>("--cycles") { DefaultValueFactory = _ => 50 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var fault = new Option<string>("--fault")
        {
            Description = "kill: processes are killed. io: writing fails for a while.",
            DefaultValueFactory = _ => "kill",
        };
        fault.AcceptOnlyFromAmong("kill", "io");
        var command = new Command(
            "crash",
            "Faults at random moments under load; nothing acknowledged may be lost or doubled."
        )
        {
            database,
            cycles,
            seed,
            fault,
        };
        command.SetAction(
            (arguments, _) =>
                (
                    arguments.GetRequiredValue(fault) == "io"
                        ? (Func<string, int, int, Task<int>>)WriteFaults.Run
                        : Kills.Run
                )(arguments.GetRequiredValue(database), arguments.GetValue(cycles), arguments.GetValue(seed))
        );
        return command;
    }
}
