using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Twenty times: a server is asked to end while clients reconnect every 7 requests. A connection
/// whose connect returned gets its first response, also if it was made after the signal; one that
/// is reused ends by the end of the stream, never by a reset. To be refused is allowed.
/// </summary>
[Category("Slow")]
[TestFixtureSource(nameof(DriversAndLoops))]
[Platform("Linux")]
public sealed class ReconnectsAtShutdownTests(string driver, string loops, string host, int rounds)
{
    private const int Clients = 8;
    private const int RequestsPerConnection = 7;
    private const int AnswersBeforeSignal = 1000;

    private static readonly byte[] s_request = Encoding.ASCII.GetBytes(
        "GET /plaintext HTTP/1.1\r\nHost: x\r\n\r\n");

    public static IEnumerable<object[]> DriversAndLoops =>
    [
        .. RealDrivers.Names.Select(driver => new object[] { driver, "1", "127.0.0.1", 20 }),
        .. RealDrivers.Names.Select(driver => new object[] { driver, "2", "127.0.0.1", 5 }),
        .. RealDrivers.Names.Select(driver => new object[] { driver, "1", "[::1]", 2 }),
    ];

    [Test]
    public void Nobody_who_was_let_in_is_reset()
    {
        Skip.Unless(host[0] != '[' || Socket.OSSupportsIPv6, "this machine has no IPv6");
        var lost = new List<string>();
        int connections = 0;
        for (int round = 0; round < rounds; round++)
        {
            using ServerProcess server = ServerProcess.Listen(
                1, "--listen", $"http://{host}:0", "--driver", driver, "--loops", loops);
            var load = new Load(server.Address);
            load.Run(() => server.Signal("TERM"));
            lost.AddRange(load.Lost);
            connections += load.Connections;
            Assert.That(server.WaitForExit(), Is.Zero);
        }

        Assert.That(lost, Is.Empty, $"{connections} connections in {rounds} stops");
    }

    private sealed class Load(Uri address)
    {
        private readonly IPEndPoint _server =
            new(IPAddress.Parse(address.DnsSafeHost), address.Port);

        private readonly List<string> _lost = [];
        private int _answers;
        private int _connections;

        public IReadOnlyList<string> Lost => _lost;

        public int Connections => _connections;

        public void Run(Action signal)
        {
            Thread[] threads = [.. Enumerable.Range(0, Clients).Select(_ => new Thread(Ask))];
            Array.ForEach(threads, thread => thread.Start());
            SpinWait.SpinUntil(() => Volatile.Read(ref _answers) >= AnswersBeforeSignal);
            signal();
            Array.ForEach(threads, thread => thread.Join());
        }

        private void Ask()
        {
            while (true)
            {
                using var socket = new Socket(
                    _server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Connect(_server);
                }
                catch (SocketException)
                {
                    return; // refused: the server has ended
                }

                Interlocked.Increment(ref _connections);
                int served = 0;
                string end = "";
                while (served < RequestsPerConnection && (end = AskOnce(socket)).Length == 0)
                {
                    served++;
                    Interlocked.Increment(ref _answers);
                }

                if (end.Length > 0 && (served == 0 || end != "the end"))
                {
                    lock (_lost)
                    {
                        _lost.Add($"{end} after {served} responses");
                    }
                }
            }
        }

        /// <summary>Nothing after a response, else how the connection ended.</summary>
        private static string AskOnce(Socket socket)
        {
            try
            {
                socket.Send(s_request);
                byte[] buffer = new byte[1024];
                int count = 0;
                while (true)
                {
                    int received = socket.Receive(buffer, count, buffer.Length - count, default);
                    if (received == 0)
                    {
                        return "the end";
                    }

                    count += received;
                    if (buffer.AsSpan(0, count).EndsWith("Hello, World!"u8))
                    {
                        return "";
                    }
                }
            }
            catch (SocketException error)
            {
                // A send after the server's end of the stream tells by EPIPE; a reset is a reset.
                return error.SocketErrorCode == SocketError.Shutdown
                    ? "the end"
                    : error.SocketErrorCode.ToString();
            }
        }
    }
}
