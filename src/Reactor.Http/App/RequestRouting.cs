using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Between the bytes of a head and the route table, which knows characters only; and the answers
/// that need no handler.
/// </summary>
internal static class RequestRouting
{
    // Most paths are shorter; a longer one borrows its characters.
    private const int StackChars = 256;

    /// <summary>Asks the table, in characters, where the bytes alone have not told.</summary>
    public static RouteMatch<Route> Match(HttpServer server, RequestHead head)
    {
        Router router = server.Application.Router;
        ReadOnlySpan<byte> path = head.Path;
        char[]? rented = path.Length > StackChars ? ArrayPool<char>.Shared.Rent(path.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        chars = chars[..Encoding.Latin1.GetChars(path, chars)];
        RouteMatch<Route> match = head.Method == KnownMethod.Other
            ? router.Table.Match(Encoding.Latin1.GetString(head.MethodBytes), chars)
            : router.Table.Match(KnownMethods.Name(head.Method), chars);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        server.Literals.Learn(head.Method, path, match);
        return match;
    }

    /// <summary>400, 404, 405, 501, or what OPTIONS is told.</summary>
    public static Response AnswerWithoutHandler(in RouteMatch<Route> match, RequestHead head)
    {
        if (head.Method == KnownMethod.Options && IsUntyped(head))
        {
            return ErrorAnswers.Plain(400); // RFC 9110 9.3.7: content of OPTIONS has a type
        }

        if (head.Form == TargetForm.Asterisk)
        {
            return WithAllow(new Response(204), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
        }

        if (head.Method == KnownMethod.Other)
        {
            return ErrorAnswers.Plain(501);
        }

        return match.Outcome switch
        {
            RouteOutcome.BadPath => ErrorAnswers.Plain(400),
            RouteOutcome.MethodNotAllowed when head.Method == KnownMethod.Options =>
                WithAllow(new Response(204), match.Allow),
            RouteOutcome.MethodNotAllowed => WithAllow(ErrorAnswers.Plain(405), match.Allow),
            _ => ErrorAnswers.Plain(404),
        };
    }

    private static bool IsUntyped(RequestHead head) =>
        head.BodyKind != BodyKind.None && !head.Contains(KnownHeader.ContentType);

    private static Response WithAllow(Response response, string allow)
    {
        response.Headers.Add("Allow", allow);
        return response;
    }
}
