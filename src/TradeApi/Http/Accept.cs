using Microsoft.Net.Http.Headers;

namespace TradeApi.Http;

/// <summary>Chooses among the media types that an operation offers.</summary>
static class Accept
{
    /// <summary>The first offered type that the caller likes best, the first of all when it does not say; null when it takes none.</summary>
    public static string? Choose(HttpRequest request, params string[] offered)
    {
        var accept = request.GetTypedHeaders().Accept;
        if (accept.Count == 0)
            return offered[0];
        return accept
            .Where(type => type.Quality is null or > 0)
            .OrderByDescending(type => type.Quality ?? 1)
            .Select(type =>
                Array.Find(offered, name => new MediaTypeHeaderValue(name).IsSubsetOf(WithoutParameters(type)))
            )
            .FirstOrDefault(name => name is not null);
    }

    // "application/json; charset=utf-8" asks for what we send anyway.
    static MediaTypeHeaderValue WithoutParameters(MediaTypeHeaderValue type) => new(type.MediaType);
}
