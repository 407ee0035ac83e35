using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace TradeApi.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items of this page.</param>
/// <param name="NextCursor">Give it as `cursor` to get the next page; absent on the last one. Opaque.</param>
sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Cursor pages: stable while items are added, and never an offset.</summary>
static class Paging
{
    public const int MostItems = 200;

    public static Problem LimitRefused =>
        Problems.ParameterInvalid.Because($"limit is a number from 1 to {MostItems}.");

    public static Problem CursorRefused =>
        Problems.ParameterInvalid.Because("This is no cursor of ours. Take nextCursor of the page before.");

    /// <summary>The page of items that were read with one more than the limit, which only tells that there are more.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> items, int limit, Func<T, string> cursorOf) =>
        items.Count > limit
            ? new Page<T>(items.Take(limit).ToList(), Encode(cursorOf(items[limit - 1])))
            : new Page<T>(items, null);

    public static string Encode(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    public static bool TryDecode(string cursor, out string position)
    {
        position = "";
        if (!Base64Url.IsValid(cursor))
            return false;
        position = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return true;
    }

    /// <summary>The limit that was asked for, 50 without one; null when it is no number in range.</summary>
    public static int? Limit(string? asked) =>
        asked is null ? 50
        : int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit is >= 1 and <= MostItems
            ? limit
        : null;

    /// <summary>Tells where the next page is, for those who follow links.</summary>
    public static void LinkNext(HttpContext http, string? cursor)
    {
        if (cursor is null)
            return;
        var query = QueryString.Create(
            http.Request.Query.Where(pair => pair.Key != "cursor").Append(new("cursor", cursor))
        );
        http.Response.Headers.Link = $"<{http.Request.Path}{query}>; rel=\"next\"";
    }
}
