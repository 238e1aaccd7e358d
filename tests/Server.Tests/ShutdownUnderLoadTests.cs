using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Twenty times: a server under load is asked to end, and whoever had sent a request before the
/// signal gets the whole answer, whether the server had read it, or had it in a kernel buffer, or
/// had not even accepted the connection. With several loops one signal ends them all.
/// </summary>
[Category("Slow")]
[TestFixtureSource(nameof(DriversAndLoops))]
public class ShutdownUnderLoadTests(string driver, string loops)
{
    public static IEnumerable<string[]> DriversAndLoops =>
        from driver in RealDrivers.Names
        from loops in new[] { "1", "2" }
        select new[] { driver, loops };

    private const int Rounds = 20;
    private const int Clients = 24;
    private const int AnswersBeforeSignal = 200;

    private static readonly byte[] s_quick = Encoding.ASCII.GetBytes(
        "GET /plaintext HTTP/1.1\r\nHost: x\r\n\r\n");

    private static readonly byte[] s_slow = Encoding.ASCII.GetBytes(
        "GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n");

    [Test]
    public void Every_request_that_was_sent_before_the_signal_is_answered()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using var server = ServerProcess.Start("--driver", driver, "--loops", loops);
            var load = new Load(server);
            load.Run();

            Assert.That(load.Unanswered, Is.Empty, $"round {round}");
            Assert.That(load.Answered, Is.GreaterThanOrEqualTo(AnswersBeforeSignal));
            Assert.That(server.WaitForExit(), Is.Zero);
        }
    }

    /// <summary>Clients that ask until nobody answers any more.</summary>
    private sealed class Load(ServerProcess server)
    {
        private readonly List<string> _unanswered = [];
        private int _answered;
        private volatile bool _isSignalled;

        public int Answered => _answered;

        public IReadOnlyList<string> Unanswered => _unanswered;

        public void Run()
        {
            // Every third keeps its connection; every fourth asks for what takes half a second.
            Thread[] threads =
            [
                .. Enumerable.Range(0, Clients).Select(i => new Thread(
                    () => Ask(keepsConnection: i % 3 == 0, i % 4 == 0 ? s_slow : s_quick))),
            ];
            foreach (Thread thread in threads)
            {
                thread.Start();
            }

            SpinWait.SpinUntil(() => Volatile.Read(ref _answered) >= AnswersBeforeSignal);
            _isSignalled = true;
            server.Signal("TERM");
            foreach (Thread thread in threads)
            {
                thread.Join();
            }
        }

        private void Ask(bool keepsConnection, byte[] request)
        {
            try
            {
                while (!_isSignalled)
                {
                    using Socket socket = server.Connect();
                    while (AskOnce(socket, request) && keepsConnection)
                    {
                    }
                }
            }
            catch (SocketException)
            {
                // Refused: the server is gone, as it was asked to be.
            }
        }

        private bool AskOnce(Socket socket, byte[] request)
        {
            bool wasBegun = false;
            string answer = "";
            try
            {
                socket.Send(request);
                wasBegun = !_isSignalled;
                answer = ReceiveOne(socket);
            }
            catch (SocketException error)
            {
                answer = error.SocketErrorCode.ToString();
            }

            bool isWhole = answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
            if (isWhole)
            {
                Interlocked.Increment(ref _answered);
            }
            else if (wasBegun)
            {
                lock (_unanswered)
                {
                    _unanswered.Add(answer.Length == 0 ? "closed without an answer" : answer);
                }
            }

            return isWhole && !answer.Contains("Connection: close", StringComparison.Ordinal);
        }

        // The answers here are short, and end with what only their bodies have.
        private static string ReceiveOne(Socket socket)
        {
            byte[] buffer = new byte[4096];
            int count = 0;
            while (true)
            {
                int received = socket.Receive(buffer, count, buffer.Length - count, default);
                if (received == 0)
                {
                    return "";
                }

                count += received;
                string text = Encoding.ASCII.GetString(buffer, 0, count);
                if (text.EndsWith("Hello, World!", StringComparison.Ordinal)
                    || text.EndsWith("</h1>", StringComparison.Ordinal))
                {
                    return text;
                }
            }
        }
    }
}
