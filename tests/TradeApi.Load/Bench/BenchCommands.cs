using System.CommandLine;

namespace TradeApi.Load.Bench;

static class BenchCommands
{
    public static Command Build()
    {
        var bench = new Command("bench", "Measures, each thing beside its baseline in the same run.");
        bench.Add(BulkBench.Command());
        bench.Add(SingleBench.Command());
        bench.Add(MixedBench.Command());
        bench.Add(TokenBench.Command());
        bench.Add(GrowthBench.Command());
        bench.Add(PeersBench.Command());
        return bench;
    }
}
