using System.CommandLine;
using TradeApi.Load.Bench;
using TradeApi.Load.Crash;
using TradeApi.Load.Nodes;

var root = new RootCommand("Benchmarks of TradeApi, and faults under load.")
{
    BenchCommands.Build(),
    CrashCommand.Build(),
    NodesCommand.Build(),
    PromotionCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
