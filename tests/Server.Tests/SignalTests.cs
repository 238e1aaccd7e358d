using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// How the process ends when it is asked to: in order the first time, at once the second.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class SignalTests(string driver)
{
    // Its handler waits for the second byte, for as long as the test likes.
    private static readonly byte[] s_begun = Encoding.ASCII.GetBytes(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");

    [TestCase("INT")]
    [TestCase("TERM")]
    public void A_request_that_runs_is_answered_and_nobody_else_is_let_in(string signal)
    {
        using var server = ServerProcess.Start("--driver", driver);
        using Socket client = BeginRequest(server);
        using Socket idle = server.Connect();
        server.Signal(signal);
        Assert.That(idle.Receive(new byte[1]), Is.Zero, "who is idle is closed at once");

        // By now it does not listen any more: the idle ones are closed after that.
        using var late = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketException? refused = Assert.Throws<SocketException>(
            () => late.Connect(new IPEndPoint(IPAddress.Loopback, server.Port)));
        Assert.That(refused!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));

        string answer = EndRequest(client);
        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK\r\n"));
        Assert.That(answer, Does.Contain("\r\nConnection: close\r\n"));
        Assert.That(answer, Does.EndWith("\r\n\r\nab"));
        client.Close();
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public void With_nothing_to_finish_it_ends_at_once_with_exit_code_0(string signal)
    {
        using var server = ServerProcess.Start("--driver", driver);
        server.Signal(signal);

        Assert.That(server.WaitForExit(), Is.Zero);
        Assert.That(server.Error, Does.Not.Contain("Exception"));
    }

    [Test]
    public void A_hang_up_ends_neither_the_server_nor_its_orderly_end()
    {
        using var server = ServerProcess.Start("--driver", driver);
        for (int i = 0; i < 3; i++)
        {
            server.Signal("HUP");
            Assert.That(server.Ask("GET /json HTTP/1.0\r\n\r\n"), Does.StartWith("HTTP/1.1 200 "));
        }

        using Socket client = BeginRequest(server);
        using Socket idle = server.Connect();
        server.Signal("TERM");
        server.Signal("HUP");
        Assert.That(idle.Receive(new byte[1]), Is.Zero, "the server ends");
        Assert.That(EndRequest(client), Does.StartWith("HTTP/1.1 200 OK\r\n"));
        client.Close();
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public void A_second_signal_ends_it_at_once(string signal, int expected)
    {
        using var server = ServerProcess.Start("--driver", driver);
        using Socket client = server.Connect();
        // A request that never becomes whole: the server waits for its rest.
        client.Send("GET / HTTP/1.1\r\n"u8);
        using Socket witness = BeginRequest(server);
        using Socket idle = server.Connect();
        server.Signal(signal);
        Assert.That(idle.Receive(new byte[1]), Is.Zero, "the first one was heard");
        Assert.That(EndRequest(witness), Does.Contain("Connection: close"));

        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        server.Signal(signal);
        Assert.That(server.WaitForExit(), Is.EqualTo(expected), "128 + the signal's number");
        Assert.That(
            System.Diagnostics.Stopwatch.GetElapsedTime(start),
            Is.LessThan(TimeSpan.FromSeconds(10)), "far below the 25 s of the orderly end");
    }

    // A request that is known to have begun.
    private static Socket BeginRequest(ServerProcess server)
    {
        Socket client = server.Connect();
        client.Send(s_begun);
        server.Ask("GET /plaintext HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        return client;
    }

    private static string EndRequest(Socket client)
    {
        client.Send("b"u8);
        return ServerProcess.ReceiveAll(client);
    }
}
