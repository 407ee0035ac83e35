using System.CommandLine;
using TradeApi.Load.Bench;
using TradeApi.Load.Crash;
using TradeApi.Load.Nodes;
using TradeApi.Load.Peers;
using TradeApi.Load.Results;

var root = new RootCommand("Benchmarks of TradeApi, and faults under load.")
{
    BenchCommands.Build(),
    BaselineServers.Build(),
    CrashCommand.Build(),
    NodesCommand.Build(),
    PromotionCommand.Build(),
    ReportCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
