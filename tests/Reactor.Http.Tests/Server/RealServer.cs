using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// An application on real sockets: a loop on a thread of its own, and plain clients.
/// </summary>
/// <remarks>
/// The test's thread; what belongs to the loop is asked for with <see cref="OnLoop"/>.
/// </remarks>
internal sealed class RealServer : IDisposable
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private readonly EventLoop _loop;
    private readonly LoopServer _server;
    private readonly Thread _thread;
    private readonly List<string> _errors = [];
    private LoopTask? _shutdown;

    public RealServer(
        string driver, Action<Application> routes, HttpServerOptions? options = null)
    {
        var application = new Application();
        routes(application);
        Recorder = new RecordingDriver(LoopDrivers.Create(driver));
        _loop = new EventLoop(new EventLoopOptions { Driver = Recorder })
        {
            ExceptionHandler = (_, error) => _errors.Add($"{error.Message} {error.Exception}"),
        };
        options ??= new HttpServerOptions();
        Http = application.MakeHandler(
            options with { Log = options.Log with { LoggerFactory = Log } });
        _server = _loop.CreateServer(Http, [new IPEndPoint(IPAddress.Loopback, 0)]);
        EndPoint = _server.EndPoints[0];
        _thread = new Thread(_loop.RunForever) { IsBackground = true, Name = "served" };
        _thread.Start();
    }

    public ListLoggerFactory Log { get; } = new();

    public RecordingDriver Recorder { get; }

    public HttpServer Http { get; }

    public EndPoint EndPoint { get; }

    public int ThreadId => _thread.ManagedThreadId;

    /// <summary>
    /// The sockets that the process holds. Other descriptors come and go with the runtime: each of
    /// its threads has a pipe.
    /// </summary>
    public static int Sockets => Directory.GetFileSystemEntries("/proc/self/fd").Count(
        link => new FileInfo(link).LinkTarget?.StartsWith(
            "socket:", StringComparison.Ordinal) == true);

    /// <summary>A client; its calls do not throw.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = (int)s_hung.TotalMilliseconds,
        };
        socket.Connect(EndPoint);
        return socket;
    }

    public static void Send(Socket socket, string text) =>
        socket.Send(Encoding.Latin1.GetBytes(text), SocketFlags.None, out _);

    /// <summary>Receives until there are so many answers, or the end.</summary>
    public static List<RawAnswer> Receive(Socket socket, int answers, params string[] methods)
    {
        var bytes = new List<byte>();
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            Assert.That(
                error, Is.EqualTo(SocketError.Success).Or.EqualTo(SocketError.ConnectionReset));
            bytes.AddRange(buffer.AsSpan(0, count));
            List<RawAnswer> parsed = RawAnswer.ParseAll([.. bytes], count == 0, methods);
            if (count == 0 || parsed.Count(answer => answer.IsWhole) >= answers)
            {
                return parsed;
            }
        }
    }

    /// <summary>Runs a function on the loop's thread.</summary>
    public T OnLoop<T>(Func<T> function)
    {
        using var done = new ManualResetEventSlim();
        T result = default!;
        _loop.CallSoonThreadSafe(() =>
        {
            result = function();
            done.Set();
        });
        Assert.That(done.Wait(s_hung), "the loop hangs");
        return result;
    }

    /// <summary>
    /// Waits until the last connection is gone, and checks that nothing else is left.
    /// </summary>
    public void WaitUntilQuiet()
    {
        bool isQuiet = SpinWait.SpinUntil(
            () => OnLoop(() => _server.Connections.Count == 0 && ConnectionTasks == 0), s_hung);
        Assert.That(isQuiet, "connections are left");
        Assert.That(OnLoop(() => Http.ConnectionCount), Is.Zero);
        Assert.That(OnLoop(() => BlockPool.Of(_loop).RentedBlocks), Is.Zero, "blocks are left");
    }

    /// <summary>
    /// Begins to shut down in the turn in which something else is done, so that the loop has seen
    /// nothing of it before.
    /// </summary>
    public void BeginShutdown(Action before) => OnLoop(() =>
    {
        before();
        return _shutdown = _loop.CreateTask(Http.ShutdownAsync(_server));
    });

    public void Dispose()
    {
        _loop.CallSoonThreadSafe(() =>
        {
            _shutdown ??= _loop.CreateTask(Http.ShutdownAsync(_server));
            _shutdown.AddDoneCallback(_ => StopWhenQuiet());
        });
        Assert.That(_thread.Join(s_hung), "the loop does not end");
        _loop.Close();
        Assert.That(_errors, Is.Empty, "the loop reported errors");
    }

    // The runtime tells the wait of a closed socket from a thread of its own.
    private void StopWhenQuiet()
    {
        if (ConnectionTasks == 0)
        {
            _loop.Stop();
        }
        else
        {
            _loop.CallLater(TimeSpan.FromMilliseconds(1), StopWhenQuiet);
        }
    }

    private int ConnectionTasks => _loop.AllTasks().Count(task => task.Name == "connection");
}
