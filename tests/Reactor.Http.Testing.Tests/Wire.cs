using System.Net;
using System.Text;
using Reactor.Simulation;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// Clients of bytes for tests of the kit itself, which then need no client session.
/// </summary>
internal static class Wire
{
    /// <summary>The address at which a test server listens.</summary>
    public static IPEndPoint Address { get; } = new(IPAddress.Loopback, 80);

    /// <summary>A raw client that has sent a request.</summary>
    public static InMemoryPeer Ask(this TestServer server, string target)
    {
        InMemoryPeer peer = server.Driver.ConnectPeer(Address);
        peer.Send(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n"));
        server.Advance(TimeSpan.Zero);
        return peer;
    }

    /// <summary>What has arrived.</summary>
    public static string Text(this InMemoryPeer peer) =>
        Encoding.Latin1.GetString(peer.Received.Span);

    /// <summary>An application with one GET route.</summary>
    public static Application App(string path, Handler handler)
    {
        var app = new Application();
        app.Get(path, handler);
        return app;
    }

    /// <summary>An application that answers with text.</summary>
    public static Application Hello() => App("/", static async _ =>
    {
        await EventLoop.Yield();
        return Response.Text("hello");
    });
}
