using System.Globalization;

namespace TradeApi.Http;

/// <summary>Writes a problem, with everything that depends on the request put in.</summary>
sealed class ProblemResult(Problem problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, problem);

    public static Task Write(HttpContext context, Problem problem)
    {
        var issuer = context.RequestServices.GetRequiredService<Settings>().Issuer;
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Json.Write(
            context.Response,
            problem with
            {
                Type = new Uri(issuer, "problems/" + problem.Code).ToString(),
                RequestId = context.TraceIdentifier,
            },
            "application/problem+json"
        );
    }
}

static class ProblemExtensions
{
    public static ProblemResult AsResult(this Problem problem) => new(problem);
}
