using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Reactor.Http;

namespace Reactor.Tools.Server;

/// <summary>The application of the standalone server: routes to try, teach and measure.</summary>
internal static class DemoApplication
{
    /// <summary>The limit of <c>/bytes/{n}</c>, 64 MiB.</summary>
    private const int BytesMax = 64 * 1024 * 1024;

    /// <summary>Bytes of one write of <c>/bytes/{n}</c>; its memory does not grow with n.</summary>
    private const int PieceBytes = 16 * 1024;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.5);
    private static readonly byte[] s_helloWorld = "Hello, World!"u8.ToArray();
    private static readonly byte[] s_piece = MakePiece();

    /// <summary>Like the response of a small API: 1,024 bytes as JSON.</summary>
    private static readonly Item[] s_items = MakeItems();

    public static Application Make()
    {
        var app = new Application();
        app.Get("/", Index).Named("index");
        app.Get("/hello/{name}", Hello).Named("hello");
        app.Get("/plaintext", Plaintext);
        app.Get("/json", Json);
        app.Get("/items", Items).Named("items");
        app.Get("/bytes/{n}", Bytes).Named("bytes");
        app.Post("/echo", Echo).Named("echo");
        return app;
    }

    private static async Coroutine<Response> Index(Request request)
    {
        await EventLoop.Delay(s_pause);
        return Response.Html("<h1>Index</h1>");
    }

    private static async Coroutine<Response> Hello(Request request)
    {
        await EventLoop.Delay(s_pause);
        string name = WebUtility.HtmlEncode(request.MatchInfo["name"]);
        return Response.Html($"<h1>hello, {name}!</h1>");
    }

#pragma warning disable CS1998 // a handler is a coroutine, also if it does not wait
    private static async Coroutine<Response> Plaintext(Request request) =>
        Response.Bytes(s_helloWorld, "text/plain");

    private static async Coroutine<Response> Json(Request request) =>
        Response.Json(new Greeting("Hello, World!"), DemoJson.Default.Greeting);

    private static async Coroutine<Response> Items(Request request) =>
        Response.Json(s_items, DemoJson.Default.ItemArray);
#pragma warning restore CS1998

    private static async Coroutine<Response> Bytes(Request request)
    {
        if (!int.TryParse(
                request.MatchInfo["n"],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int count)
            || count > BytesMax)
        {
            return Response.Text($"400: ask for 0 to {BytesMax} bytes", 400);
        }

        var response = new StreamResponse(contentLength: count)
        {
            ContentType = "application/octet-stream",
        };
        response.Prepare(request);
        for (int left = count; left > 0; left -= PieceBytes)
        {
            await response.WriteAsync(s_piece.AsMemory(0, Math.Min(left, PieceBytes)));
        }

        return response;
    }

    private static async Coroutine<Response> Echo(Request request)
    {
        string type = request.ContentType ?? "application/octet-stream";
        return Response.Bytes(await request.ReadAsync(), type);
    }

    // A loop, as below: LINQ would be compiled before the first response.
    private static Item[] MakeItems()
    {
        var items = new Item[31];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = new Item(i + 10, "cup", true);
        }

        return items;
    }

    // A pattern that shows a lost or repeated byte.
    private static byte[] MakePiece()
    {
        byte[] piece = new byte[PieceBytes];
        for (int i = 0; i < piece.Length; i++)
        {
            piece[i] = (byte)('a' + (i % 26));
        }

        return piece;
    }
}

/// <summary>The response of <c>/json</c>.</summary>
internal sealed record Greeting(string Message);

/// <summary>An element of the response of <c>/items</c>.</summary>
internal sealed record Item(int Id, string Name, bool Ok);

/// <summary>Generated JSON metadata, without reflection, for ahead-of-time compilation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Item[]))]
internal sealed partial class DemoJson : JsonSerializerContext;
