using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// The binary on two loops: both serve, one signal ends both in order, a second ends the process at
/// once, and nobody comes to share a port by mistake.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[Platform("Linux")]
public class SeveralLoopsTests(string driver)
{
    private const int Clients = 24;

    private static readonly byte[] s_quick = Encoding.ASCII.GetBytes(
        "GET /plaintext HTTP/1.1\r\nHost: x\r\n\r\n");

    private static readonly byte[] s_slow = Encoding.ASCII.GetBytes(
        "GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n");

    [TestCase("INT")]
    [TestCase("TERM")]
    public void One_signal_lets_both_loops_answer_whom_they_serve(string signal)
    {
        using var server = Start();
        Socket[] clients = [.. Enumerable.Range(0, Clients).Select(_ => BeginRequest(server))];
        server.Signal(signal);
        foreach (Socket client in clients)
        {
            string answer = ServerProcess.ReceiveAll(client);
            Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK\r\n"));
            Assert.That(answer, Does.Contain("\r\nConnection: close\r\n"));
            Assert.That(answer, Does.EndWith("<h1>hello, x!</h1>"));
            client.Dispose();
        }

        Assert.That(server.WaitForExit(), Is.Zero);
        // 24 clients on one of two loops are one case in 2^23; more might begin for half a second.
        foreach (string loop in new[] { "loop-0", "loop-1" })
        {
            Assert.That(server.Error, Does.Match(
                $"Server\\.{loop}\\[[0-9]+\\] Shutting down, open connections: [1-9]"));
        }
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public void A_second_signal_ends_it_at_once(string signal, int expected)
    {
        using var server = Start();
        // Requests that never become whole, on both loops: the server waits for their rest.
        Socket[] clients = [.. Enumerable.Range(0, Clients).Select(_ => server.Connect())];
        Array.ForEach(clients, client => client.Send("GET / HTTP/1.1\r\n"u8));
        using Socket witness = BeginRequest(server);
        server.Signal(signal);
        string answer = ServerProcess.ReceiveAll(witness);
        Assert.That(answer, Does.Contain("Connection: close"), "the first one was heard");

        server.Signal(signal);
        Assert.That(server.WaitForExit(), Is.EqualTo(expected));
        Array.ForEach(clients, client => client.Dispose());
    }

    [TestCase("1")]
    [TestCase("2")]
    public void A_second_server_is_refused_the_port(string loops)
    {
        using var first = Start();
        (int exitCode, string output, string error) = ServerProcess.Run(
            "--listen", first.Address.ToString(), "--driver", driver, "--loops", loops);

        Assert.That((exitCode, output), Is.EqualTo((3, "")));
        Assert.That(error, Does.Contain($"port {first.Port} is in use"));
        Assert.That(error, Does.Not.Contain('\n'), "one line");
    }

    [Test]
    public void More_loops_than_processors_are_allowed_with_a_warning()
    {
        string loops = $"{Environment.ProcessorCount + 1}";
        using var server = ServerProcess.Start("--driver", driver, "--loops", loops);
        server.WaitForError($"reactor: {loops} loops on {Environment.ProcessorCount} processor");
        server.Signal("TERM");

        Assert.That(server.WaitForExit(), Is.Zero);
    }

    private ServerProcess Start() => ServerProcess.Start("--driver", driver, "--loops", "2");

    // Of a client that was served before, and not of a new one: who is let in while the listeners
    // close is the subject of other tests.
    private static Socket BeginRequest(ServerProcess server)
    {
        Socket client = server.Connect();
        client.Send(s_quick);
        Assert.That(client.Receive(new byte[4096]), Is.GreaterThan(0));
        client.Send(s_slow);
        return client;
    }
}
