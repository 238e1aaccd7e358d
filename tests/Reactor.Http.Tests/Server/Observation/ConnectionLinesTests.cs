using Microsoft.Extensions.Logging;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What the log says of connections at the level Debug: who came, why it ended, and after how many
/// requests. At the level above it says nothing.
/// </summary>
public sealed class ConnectionLinesTests
{
    [Test]
    public void A_connection_that_its_client_ends_is_opened_and_closed()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"), logsConnections: true);
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/"));
        peer.Ask(Get("/"));
        string name = $"{peer.LocalEndPoint}";
        peer.End();
        server.Settle();

        Assert.That(Lines(server), Is.EqualTo(new[]
        {
            $"Connection from {name} opened",
            $"Connection from {name} closed (PeerClosed), requests: 2",
        }));
    }

    [Test]
    public void A_reset_is_told_from_an_end()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"), logsConnections: true);
        HttpPeer peer = server.Connect();
        peer.Reset();
        server.Settle();

        Assert.That(Lines(server)[^1], Does.EndWith("closed (PeerReset), requests: 0"));
    }

    [Test]
    public void A_connection_that_the_server_ends_is_closed_locally()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"), logsConnections: true);
        server.Ask("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        server.RunFor(60); // the client does not end its own stream

        Assert.That(Lines(server)[^1], Does.EndWith("closed (Local), requests: 1"));
    }

    [Test]
    public void At_the_level_information_nothing_is_said()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"), logsConnections: true);
        server.Log.Least = LogLevel.Information;
        server.Ask("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        server.Settle();

        Assert.That(Lines(server), Is.Empty);
    }

    private static string[] Lines(ServerFixture server)
    {
        LogQueue.Flush(TimeSpan.FromSeconds(10));
        return [.. server.Log.Messages.Where(
            line => line.StartsWith("Connection from", StringComparison.Ordinal))];
    }
}
