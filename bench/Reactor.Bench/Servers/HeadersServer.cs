using System.CommandLine;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Tools;

namespace Reactor.Bench.Servers;

/// <summary>
/// A server to measure what default headers cost: the paths of all peers, with a number of default
/// headers. A hidden command, which the comparison starts.
/// </summary>
internal static class HeadersServer
{
    public const string CommandName = "serve";

    private static readonly (string Name, string Value)[] s_headers =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cache-Control", "no-store"),
    ];

    private static readonly byte[] s_hello = "Hello, World!"u8.ToArray();
    private static readonly byte[] s_items = System.Text.Encoding.ASCII.GetBytes(ExampleItems.Text);

    public static Command MakeCommand()
    {
        var port = new Option<int>("--port") { CustomParser = OptionValues.Whole(1, 65535) };
        var headers = new Option<int>("--headers")
        {
            CustomParser = OptionValues.Whole(0, s_headers.Length),
        };
        var command = new Command(CommandName, "An application with default headers.")
        {
            port, headers,
        };
        command.Hidden = true;
        command.SetAction(result => Run(result.GetValue(port), result.GetValue(headers)));
        return command;
    }

    /// <summary>The application, with the first default headers of a fixed list.</summary>
    public static Application Make(int headers)
    {
        var app = new Application();
        foreach ((string name, string value) in s_headers[..headers])
        {
            app.DefaultHeaders.Add(name, value);
        }

        app.Get("/plaintext", Plaintext);
        app.Get("/items", Items);
        app.Post("/echo", Echo);
        return app;
    }

    private static void Run(int port, int headers)
    {
        var options = new HttpServerOptions
        {
            Times = new() { KeepAliveTimeout = TimeSpan.FromHours(1) },
        };
        Make(headers).Run("127.0.0.1", port, options, LoopDrivers.Epoll(), print: _ => { });
    }

#pragma warning disable CS1998 // a handler is a coroutine, also if it does not wait
    private static async Coroutine<Response> Plaintext(Request request) =>
        Response.Bytes(s_hello, "text/plain");

    private static async Coroutine<Response> Items(Request request) =>
        Response.Bytes(s_items, "application/json");
#pragma warning restore CS1998

    private static async Coroutine<Response> Echo(Request request) =>
        Response.Bytes(await request.ReadAsync());
}
