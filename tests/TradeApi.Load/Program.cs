using System.CommandLine;
using TradeApi.Load.Bench;
using TradeApi.Load.Results;

var root = new RootCommand("Benchmarks of TradeApi, and faults under load.")
{
    BenchCommands.Build(),
    ReportCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
