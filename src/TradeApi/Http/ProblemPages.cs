using TradeApi.Rules;

namespace TradeApi.Http;

/// <summary>The page that a problem's <c>type</c> leads to: what the code means and what to do.</summary>
static class ProblemPages
{
    public static void MapProblemPages(this WebApplication app) =>
        app.MapGet(
                "/problems/{code}",
                (string code) => Of(code) is { } page ? Results.Text(page) : Problems.NotFound.AsResult()
            )
            .ExcludeFromDescription();

    static string? Of(string code)
    {
        if (FindingCodes.ByCode.TryGetValue(code, out var finding))
            return $"{code}\n\n{finding.Meaning}\n{finding.Mend}\n";
        return Problems.All.FirstOrDefault(problem => problem.Code == code) is { } problem
            ? $"{code} (HTTP {problem.Status})\n\n{problem.Title}. The detail of the answer says what happened and what to do.\n"
            : null;
    }
}
