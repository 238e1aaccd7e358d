using System.Text;
using Reactor.Http;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace OpenApi.Tests;

/// <summary>A response, with its head as text.</summary>
internal sealed record Answer(int Status, string Head, string Text);

/// <summary>An application on the in-memory driver: each request has its own connection.</summary>
internal sealed class ServedApplication : IDisposable
{
    private readonly SimulatedLoop _world = new();
    private readonly HttpServer _http;
    private readonly LoopServer _server;

    public ServedApplication(Application application)
    {
        _http = application.MakeHandler(new HttpServerOptions());
        _server = _world.Loop.CreateServer(_http, [SimulatedLoop.AnyPort]);
    }

    /// <summary>Sends a request, with JSON if there is a body.</summary>
    public Answer Ask(string method, string path, string? json = null, string fields = "")
    {
        byte[] body = Encoding.UTF8.GetBytes(json ?? "");
        string type = json is null ? "" : "Content-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n";
        InMemoryPeer peer = _world.Driver.ConnectPeer(_server.EndPoints[0]);
        peer.Send([.. Encoding.Latin1.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
            + $"Accept: application/json\r\n{type}{fields}\r\n"), .. body]);
        _world.Settle();
        string text = Encoding.UTF8.GetString(peer.TakeReceived());
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        peer.Close();
        _world.Settle();
        return new Answer(
            int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture),
            text[..end], text[(end + 4)..]);
    }

    public void Dispose()
    {
        _world.Run(() => _http.ShutdownAsync(_server));
        _world.Dispose();
    }
}
