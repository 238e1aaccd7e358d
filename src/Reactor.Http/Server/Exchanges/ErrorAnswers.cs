using System.Globalization;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The responses that the server makes when something is wrong. They contain no byte of the
/// request, and details only in development.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class ErrorAnswers
{
    public static Response OfRejection(RejectionInfo info, bool isDev) => Text(
        isDev
            ? $"{info.Status}: {info.Sentence} ({info.Id}, {info.Clause})"
            : $"{info.Status}: {info.Sentence}",
        info.Status);

    public static Response OfException(int status, Exception error, bool isDev)
    {
        string phrase = $"{status}: {ReasonPhrases.Get(status)}";
        return Text(isDev ? $"{phrase}\n\n{error}" : phrase, status);
    }

    /// <summary>The response that an exception is.</summary>
    public static Response OfFailure(HttpException failure)
    {
        string phrase = $"{failure.Status}: {failure.Detail ?? ReasonPhrases.Get(failure.Status)}";
        Response response = Text(phrase, failure.Status);
        for (int i = 0; i < failure.HeadersOrNull?.Count; i++)
        {
            response.Headers.Add(failure.Headers[i].Name, failure.Headers[i].Value);
        }

        return response;
    }

    /// <summary>503 for overload or shutdown, with Retry-After.</summary>
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

    /// <summary>Only the status and its phrase.</summary>
    public static Response Plain(int status) =>
        Text($"{status}: {ReasonPhrases.Get(status)}", status);

    // An exception's text must not be taken for HTML.
    private static Response Text(string text, int status)
    {
        var response = Response.Text(text, status);
        response.Headers.Add("X-Content-Type-Options", "nosniff");
        return response;
    }
}
