using System.Text;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>Requests and streams for the tests of guards.</summary>
internal static class GuardWorld
{
    /// <summary>A request without a body, with fields of its own.</summary>
    public static string Request(string method, string target, params string[] fields) =>
        $"{method} {target} HTTP/1.1\r\nHost: site.test\r\n"
        + string.Concat(fields.Select(field => field + "\r\n")) + "\r\n";

    /// <summary>What a browser asks before a request that is not simple.</summary>
    public static string Preflight(string target, string origin, string method = "PUT") => Request(
        "OPTIONS", target, $"Origin: {origin}", $"Access-Control-Request-Method: {method}",
        "Access-Control-Request-Headers: content-type");

    /// <summary>A route for each way in which a response is made.</summary>
    public static void AddKindsOfResponses(Application app)
    {
        app.Get("/text", _ => Response.Text("text"));
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync(Encoding.ASCII.GetBytes("stream"));
            return response;
        });
        app.OnGet("/thrown", _ => throw HttpException.Conflict("thrown"));
        app.OnGet("/broken", _ => throw new InvalidOperationException("broken"));
        app.Post("/small", async request => Response.Text(await request.TextAsync()),
            new RouteOptions { BodyBytesMax = 1 });
    }

    /// <summary>A request for each of those, and for what the server answers itself.</summary>
    public static IEnumerable<TestCaseData> KindsOfResponses(params string[] fields)
    {
        yield return new TestCaseData(Request("GET", "/text", fields), 200);
        yield return new TestCaseData(Request("HEAD", "/text", fields), 200);
        yield return new TestCaseData(Request("GET", "/stream", fields), 200);
        yield return new TestCaseData(Request("GET", "/thrown", fields), 409);
        yield return new TestCaseData(Request("GET", "/broken", fields), 500);
        yield return new TestCaseData(Request("GET", "/missing", fields), 404);
        yield return new TestCaseData(Request("POST", "/text", fields), 405);
        yield return new TestCaseData(Request("OPTIONS", "/text", fields), 204);
        yield return new TestCaseData(
            Request("POST", "/small", ["Content-Length: 2", .. fields]) + "ab", 413);
        yield return new TestCaseData(
            Request("POST", "/small", ["Transfer-Encoding: chunked", .. fields])
            + "2\r\nab\r\n0\r\n\r\n", 413);
        yield return new TestCaseData(Request("BREW", "/text", fields), 501);
    }
}
