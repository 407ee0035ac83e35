using System.CommandLine;
using TradeApi.Load.Bench;
using TradeApi.Load.Crash;
using TradeApi.Load.Nodes;
using TradeApi.Load.Peers;

var root = new RootCommand("Benchmarks of TradeApi, and faults under load.")
{
    BenchCommands.Build(),
    Baselines.Build(),
    CrashCommand.Build(),
    NodesCommand.Build(),
    PromotionCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
