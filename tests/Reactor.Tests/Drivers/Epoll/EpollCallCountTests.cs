using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Tests.Dangers;

namespace Reactor.Tests.Drivers;

/// <summary>
/// What an exchange on a connection that is kept alive costs on the epoll driver: one wait, one
/// receive and one send, not one call that only learns that there is nothing to do, and not one
/// byte of memory.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
[Category("Measured")]
public sealed class EpollCallCountTests
{
    private const int Exchanges = 1000;

    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    [Test]
    public void An_exchange_is_one_wait_one_receive_and_one_send()
    {
        using var server = new EchoServer();
        using Socket client = server.Connect();
        Exchange(client, 10);
        Counts before = server.Counts;
        Exchange(client, Exchanges);
        Counts after = server.Counts;

        Assert.That(after - before, Is.EqualTo(new Counts(
            Waits: Exchanges,
            Receives: Exchanges,
            EmptyReceives: 0,
            Sends: Exchanges,
            FullSends: 0,
            Controls: 0,
            Accepts: 0,
            Wakes: 0)));
    }

    [Test]
    public void A_connection_is_registered_once_and_read_when_it_is_known_to_be_readable()
    {
        using var server = new EchoServer();
        ConnectAndExchange(server);
        Counts before = server.Counts;
        for (int i = 0; i < 10; i++)
        {
            ConnectAndExchange(server);
        }

        Counts spent = server.Counts - before;
        Assert.That(spent.EmptyReceives, Is.Zero);
        Assert.That(spent.Receives, Is.EqualTo(10 * (3 + 1)), "and the end of the stream");
        Assert.That(spent.Controls, Is.EqualTo(10));
        Assert.That(spent.Accepts, Is.EqualTo(10 + 10), "each, and that there are no more");
    }

    [Test]
    public void An_exchange_allocates_nothing()
    {
        AllocationTests.AssumeOptimized();
        using var server = new EchoServer();
        using Socket client = server.Connect();
        long least = long.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        // Time, not rounds: the runtime recompiles what runs often only when little else is new.
        while (least > 0 && Stopwatch.GetElapsedTime(begin) < AllocationTests.WarmUpMax)
        {
            Exchange(client, 10);
            long before = server.Allocated;
            Exchange(client, Exchanges);
            least = Math.Min(least, server.Allocated - before);
        }

        Assert.That(least, Is.Zero);
    }

    private static void ConnectAndExchange(EchoServer server)
    {
        int ended = server.Ended;
        using (Socket client = server.Connect())
        {
            Exchange(client, 3);
        }

        Assert.That(SpinWait.SpinUntil(() => server.Ended == ended + 1, s_hung));
    }

    private static void Exchange(Socket client, int count)
    {
        byte[] answer = new byte[64];
        for (int i = 0; i < count; i++)
        {
            client.Send("question"u8);
            int received = 0;
            while (received < 8)
            {
                int bytes = client.Receive(answer);
                Assert.That(bytes, Is.Positive);
                received += bytes;
            }
        }
    }

    private readonly record struct Counts(
        long Waits,
        long Receives,
        long EmptyReceives,
        long Sends,
        long FullSends,
        long Controls,
        long Accepts,
        long Wakes)
    {
        public static Counts operator -(Counts a, Counts b) => new(
            a.Waits - b.Waits,
            a.Receives - b.Receives,
            a.EmptyReceives - b.EmptyReceives,
            a.Sends - b.Sends,
            a.FullSends - b.FullSends,
            a.Controls - b.Controls,
            a.Accepts - b.Accepts,
            a.Wakes - b.Wakes);
    }

    /// <summary>
    /// Echoes on a loop of its own thread, which notes the counts before it answers: who has the
    /// answer can read them.
    /// </summary>
    private sealed class EchoServer : IConnectionHandler, IDisposable
    {
        private readonly EpollDriver _driver = new();
        private readonly EventLoop _loop;
        private readonly LoopServer _server;
        private readonly Thread _thread;
        private readonly Lock _lock = new();
        private Counts _counts;
        private long _allocated;
        private int _ended;

        public EchoServer()
        {
            _loop = new EventLoop(new EventLoopOptions { Driver = _driver, Debug = false });
            _server = _loop.CreateServer(this, [new IPEndPoint(IPAddress.Loopback, 0)]);
            _thread = new Thread(_loop.RunForever) { IsBackground = true };
            _thread.Start();
        }

        public Counts Counts => Locked(() => _counts);

        public long Allocated => Locked(() => _allocated);

        public int Ended => Locked(() => _ended);

        public Socket Connect()
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = (int)s_hung.TotalMilliseconds,
            };
            client.Connect(_server.EndPoints[0]);
            return client;
        }

        public async Coroutine ServeAsync(Connection connection)
        {
            while (!connection.HasInputEnded)
            {
                await connection.WaitReadableAsync();
                bool isRead = connection.Input.TryRead(out ReadResult read);
                Note(connection.HasInputEnded);
                if (isRead)
                {
                    foreach (ReadOnlyMemory<byte> part in read.Buffer)
                    {
                        connection.Output.Write(part.Span);
                    }

                    connection.Input.AdvanceTo(read.Buffer.End);
                    connection.TryFlush();
                }
            }
        }

        public void Dispose()
        {
            _loop.CallSoonThreadSafe(() =>
            {
                _server.Close();
                _server.AbortClients();
                _loop.CallSoon(_loop.Stop);
            });
            Assert.That(_thread.Join(s_hung), "the loop does not end");
            _loop.Close();
        }

        private void Note(bool hasEnded)
        {
            SystemCalls calls = _driver.Calls;
            lock (_lock)
            {
                _counts = new Counts(
                    calls.Waits, calls.Receives, calls.EmptyReceives, calls.Sends, calls.FullSends,
                    calls.Controls, calls.Accepts, calls.Wakes);
                _allocated = GC.GetAllocatedBytesForCurrentThread();
                _ended += hasEnded ? 1 : 0;
            }
        }

        private T Locked<T>(Func<T> read)
        {
            lock (_lock)
            {
                return read();
            }
        }
    }
}
