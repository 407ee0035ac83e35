using System.CommandLine;
using TradeApi.Load.Bench;

var root = new RootCommand("Benchmarks of TradeApi, and faults under load.") { BenchCommands.Build() };
return await root.Parse(args).InvokeAsync();
