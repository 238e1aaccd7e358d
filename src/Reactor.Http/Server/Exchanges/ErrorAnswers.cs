using System.Globalization;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The answers that the server gives by itself when something is wrong. They never hold a byte of
/// the request, and what they tell of the inside they tell in development only.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class ErrorAnswers
{
    /// <summary>The peer's bytes were refused.</summary>
    public static Response OfRejection(RejectionInfo info, bool isDev) => Text(
        isDev
            ? $"{info.Status}: {info.Sentence} ({info.Id}, {info.Clause})"
            : $"{info.Status}: {info.Sentence}",
        info.Status);

    /// <summary>The content or the query is not what its handler asked for.</summary>
    public static Response OfContent(Exception error, bool isDev)
    {
        int status = error is RequestBodyException body ? body.Status : 400;
        string phrase = $"{status}: {ReasonPhrases.Get(status)}";
        return Text(isDev ? $"{phrase}\n\n{error}" : phrase, status);
    }

    /// <summary>A handler threw.</summary>
    public static Response OfException(Exception error, bool isDev) => Text(
        isDev ? $"500: Internal Server Error\n\n{error}" : "500: Internal Server Error", 500);

    /// <summary>
    /// There is too much to do, or the server ends; when to ask again, in whole seconds.
    /// </summary>
    public static Response Unavailable(TimeSpan retryAfter)
    {
        Response response = Plain(503);
        AskAgain(response, retryAfter);
        return response;
    }

    /// <summary>Adds Retry-After, in whole seconds, rounded up.</summary>
    public static void AskAgain(Response response, TimeSpan retryAfter)
    {
        double seconds = Math.Ceiling(retryAfter.TotalSeconds);
        response.Headers.Add("Retry-After", seconds.ToString("F0", CultureInfo.InvariantCulture));
    }

    /// <summary>No more than the status and its phrase.</summary>
    public static Response Plain(int status) =>
        Text($"{status}: {ReasonPhrases.Get(status)}", status);

    // Not to be taken for HTML, whatever an exception says of its inside.
    private static Response Text(string text, int status)
    {
        var response = Response.Text(text, status);
        response.Headers.Add("X-Content-Type-Options", "nosniff");
        return response;
    }
}
