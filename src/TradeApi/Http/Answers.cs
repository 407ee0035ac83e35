using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using TradeApi.Register;

namespace TradeApi.Http;

/// <summary>What every answer has: a request id, and a problem where something went wrong, also where the framework would answer with nothing.</summary>
static class Answers
{
    public static void UseAnswers(this WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(
            (context, next) =>
            {
                context.TraceIdentifier = "req_" + Ids.New(clock.GetUtcNow()).ToString("N");
                // At the last moment: whoever answers with an error begins by clearing all headers.
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["Request-Id"] = context.TraceIdentifier;
                    // Nearly every answer holds what only its partner may see.
                    context.Response.Headers.CacheControl = "no-store";
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
        app.UseExceptionHandler(
            new ExceptionHandlerOptions { ExceptionHandler = Failed, SuppressDiagnosticsCallback = _ => true }
        );
        app.UseStatusCodePages(context => ProblemResult.Write(context.HttpContext, OfStatus(context.HttpContext)));
    }

    static Task Failed(HttpContext context)
    {
        // A caller who has gone away needs no answer, and is no failure of ours.
        if (context.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        var exception = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: 413 } => Problems.BodyTooLarge,
            BadHttpRequestException bad => Problems.BodyUnreadable.Because(
                "The request could not be read. Check its query parameters and body."
            ) with
            {
                Status = bad.StatusCode,
            },
            DbException or TimeoutException => Problems.RegisterUnavailable.Because(
                "Repeat the call with the same Idempotency-Key: nothing is done twice. /v1/outcomes tells what has become of it so far."
            ),
            SenderNotInForceException => Problems.PartnerSuspended.Because(
                "The organisation is not in force in this environment."
            ),
            _ => Problems.InternalError,
        };
        if (problem.Status >= 500)
            context
                .RequestServices.GetRequiredService<ILogger<Problem>>()
                .LogError(exception, "Request {RequestId} failed", context.TraceIdentifier);
        return ProblemResult.Write(context, problem);
    }

    static Problem OfStatus(HttpContext context) =>
        context.Response.StatusCode switch
        {
            400 => Problems.BodyUnreadable.Because(
                "The request could not be read. Check its query parameters and headers."
            ),
            404 => Problems.NotFound,
            405 => Problems.MethodNotAllowed.Because($"This address takes {context.Response.Headers.Allow}."),
            406 => Problems.NotAcceptable,
            413 => Problems.BodyTooLarge,
            415 => Problems.MediaTypeUnsupported,
            var status => Problems.InternalError with { Status = status },
        };
}
