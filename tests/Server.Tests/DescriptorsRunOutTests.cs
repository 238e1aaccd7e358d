using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// More clients than descriptors, on the real kernel: the server says so once, turns clients away
/// who would wait for nothing, serves again when some have left, and still ends in order.
/// </summary>
[NonParallelizable]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class DescriptorsRunOutTests(string driver)
{
    private const int Descriptors = 256;

    [Test]
    public void The_server_recovers_when_clients_leave()
    {
        using ServerProcess server = ServerProcess.WithDescriptors(
            Descriptors, "--driver", driver);
        var clients = new List<Socket>();
        for (int i = 0; i < Descriptors + 50; i++)
        {
            clients.Add(Connect(server.Port));
        }

        server.WaitForError("accepting pauses");
        clients.ForEach(client => client.Dispose());

        // An accept pauses for 150 ms at most; a client that is turned away would wait for ever.
        using Socket late = Connect(server.Port);
        late.ReceiveTimeout = 30_000;
        late.Send("GET /plaintext HTTP/1.1\r\nHost: test\r\n\r\n"u8);
        byte[] answer = new byte[1024];
        int length = late.Receive(answer);

        Assert.That(Encoding.ASCII.GetString(answer, 0, length), Does.EndWith("Hello, World!"));
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    /// <summary>
    /// To tell of SIGTERM the runtime starts a thread, for which it needs descriptors; without them
    /// it aborts (code 134).
    /// </summary>
    [Test]
    public void The_server_ends_in_order_while_none_is_left()
    {
        using ServerProcess server = ServerProcess.WithDescriptors(
            Descriptors, "--driver", driver);
        var clients = new List<Socket>();
        for (int i = 0; i < Descriptors + 50; i++)
        {
            clients.Add(Connect(server.Port));
        }

        server.WaitForError("accepting pauses");
        server.Signal("TERM");

        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public void N02_a_client_for_whom_no_descriptor_is_left_is_told_and_does_not_hang()
    {
        using ServerProcess server = ServerProcess.WithDescriptors(
            Descriptors, "--driver", driver);
        var clients = new List<Socket>();
        for (int i = 0; i < Descriptors + 50; i++)
        {
            clients.Add(Connect(server.Port));
        }

        // Nobody has sent anything, and no limit of the server's is over so soon: a socket with
        // news is that of a client who was turned away.
        var ended = new List<Socket>(clients);
        Socket.Select(ended, null, null, TimeSpan.FromSeconds(8));

        Assert.That(ended, Is.Not.Empty, "every client hangs");
        Assert.That(ended[0].Receive(new byte[1]), Is.Zero, "the end of the stream");
        clients.ForEach(client => client.Dispose());
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }
}
