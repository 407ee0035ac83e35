using System.CommandLine;

namespace TradeApi.Load.Results;

static class ReportCommand
{
    public static Command Build()
    {
        var report = new Command("report", "Makes RESULTS.md and its chart anew from results.json.");
        report.SetAction((_, _) => Report.WritePages());
        return report;
    }
}
