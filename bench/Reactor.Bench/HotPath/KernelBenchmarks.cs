// What the kernel asks for a call that is spared, and what that is in an exchange over loopback, on
// the epoll driver. Client and server are tasks of one loop, so an exchange has two waits, two
// receives and two sends; only the server's part differs.
//
// `EmptyReceive`, `ChangeInterest` and `PollInVain` are single calls that learn or do nothing.
// `WaitFirst` receives when it was told to, `ReceiveFirst` tries before each wait. `SendOnce`
// answers sixteen requests with one send, `SendEach` with sixteen; both count by the request.
// `YieldPollingSeldom` has ready work in each turn and leaves out most polls, `YieldPolling` none.
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Exchanges = 1_600;
    private const int RequestBytes = 64;
    private const int Pipelined = 16;

    private readonly SystemCalls _calls = new();
    private readonly EventBatch _batch = new();
    private readonly byte[] _buffer = new byte[BlockPool.BlockBytes];
    private readonly List<LoopServer> _servers = [];
    private Socket _listener = null!;
    private Socket _near = null!;
    private Socket _far = null!;
    private int _epoll;
    private int _descriptor;
    private EventLoop _loop = null!;
    private EventLoop _polling = null!;
    private Connection _waitFirst = null!;
    private Connection _receiveFirst = null!;
    private Connection _sendEach = null!;

    [GlobalSetup]
    public void Setup()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _near.Connect(_listener.LocalEndPoint!);
        _far = _listener.Accept();
        _near.Blocking = false;
        _descriptor = (int)_near.Handle;
        _epoll = Libc.EpollCreate(Libc.EpollCloseOnExec);
        Control(Libc.EpollAdd);

        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Epoll() });
        _polling = new EventLoop(
            new EventLoopOptions { Driver = LoopDrivers.Epoll(), PollSkipsMax = 0 });
        _waitFirst = Connect(new Echo(receivesFirst: false, sendsEach: false));
        _receiveFirst = Connect(new Echo(receivesFirst: true, sendsEach: false));
        _sendEach = Connect(new Echo(receivesFirst: false, sendsEach: true));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _waitFirst.Close();
        _receiveFirst.Close();
        _sendEach.Close();
        _loop.RunUntilComplete(Close());
        _loop.Dispose();
        _polling.Dispose();
        NativeSocket.Close(_epoll);
        _near.Dispose();
        _far.Dispose();
        _listener.Dispose();
    }

    [Benchmark]
    public bool EmptyReceive() => _calls.Receive(_descriptor, _buffer).IsNotNow;

    [Benchmark]
    public int ChangeInterest() => Control(Libc.EpollModify);

    [Benchmark]
    public int PollInVain() => _calls.Wait(_epoll, _batch, TimeSpan.Zero);

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public void WaitFirst() => Ask(_waitFirst, 1);

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public void ReceiveFirst() => Ask(_receiveFirst, 1);

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public void SendOnce() => Ask(_waitFirst, Pipelined);

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public void SendEach() => Ask(_sendEach, Pipelined);

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public void YieldPollingSeldom() => _loop.RunUntilComplete(Yield());

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public void YieldPolling() => _polling.RunUntilComplete(Yield());

    private static async Coroutine Yield()
    {
        for (int i = 0; i < Exchanges; i++)
        {
            await EventLoop.Yield();
        }
    }

    private async Coroutine Close()
    {
        foreach (LoopServer server in _servers)
        {
            server.Close();
            await server.WaitClosedAsync();
        }
    }

    private static async Coroutine Exchange(Connection client, int together)
    {
        for (int i = 0; i < Exchanges / together; i++)
        {
            client.Output.GetSpan(RequestBytes * together);
            client.Output.Advance(RequestBytes * together);
            client.TryFlush();
            int received = 0;
            while (received < RequestBytes * together)
            {
                await client.WaitReadableAsync();
                received += Take(client);
            }
        }
    }

    private static int Take(Connection connection)
    {
        connection.TryReadPiece(out ReadOnlySpan<byte> piece);
        int bytes = piece.Length;
        connection.Consume(bytes);
        return bytes;
    }

    private int Control(int operation) => _calls.Control(
        _epoll, operation, _descriptor, EpollEvents.Readable | EpollEvents.EdgeTriggered, 1);

    private void Ask(Connection client, int together) =>
        _loop.RunUntilComplete(Exchange(client, together));

    private Connection Connect(Echo echo)
    {
        LoopServer server = _loop.CreateServer(echo, [new IPEndPoint(IPAddress.Loopback, 0)]);
        _servers.Add(server);
        return _loop.RunUntilComplete(Connection.OpenAsync(server.EndPoints[0]));
    }

    /// <summary>Answers each 64 bytes with as many.</summary>
    private sealed class Echo(bool receivesFirst, bool sendsEach) : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            while (!connection.HasInputEnded)
            {
                if (!receivesFirst || !connection.TryReceive())
                {
                    await connection.WaitReadableAsync();
                }

                for (int bytes = Take(connection); bytes > 0; bytes -= RequestBytes)
                {
                    connection.Output.GetSpan(RequestBytes);
                    connection.Output.Advance(RequestBytes);
                    if (sendsEach)
                    {
                        connection.TryFlush();
                    }
                }

                connection.TryFlush();
            }
        }
    }
}
