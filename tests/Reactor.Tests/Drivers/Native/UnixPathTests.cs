using System.Net.Sockets;
using NUnit.Framework.Constraints;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// The path of a Unix socket: what a killed server has left is taken over, what anybody uses or
/// what is no socket is not, and a server removes no path but its own.
/// </summary>
[Platform("Linux")]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class UnixPathTests(string driverName)
{
    private const int StartsTogether = 50;

    private string _folder = "";
    private string _path = "";
    private EventLoop _loop = null!;

    private UnixDomainSocketEndPoint EndPoint => new(_path);

    [SetUp]
    public void Begin()
    {
        _folder = Directory.CreateTempSubdirectory("reactor-").FullName;
        _path = Path.Combine(_folder, "socket");
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driverName) });
    }

    [TearDown]
    public void End()
    {
        _loop.Close();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void A_path_that_a_killed_server_has_left_is_taken_over()
    {
        LeaveStale();
        Assert.That(TryConnect(), Is.EqualTo(SocketError.ConnectionRefused));

        DriverListener listener = Listen();
        Assert.That(TryConnect(), Is.EqualTo(SocketError.Success));
        listener.Close();
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty, "no lock file either");
    }

    [Test]
    public void A_path_in_the_working_folder_is_taken_over_too()
    {
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder;
        try
        {
            LeaveStale();
            _path = "socket";
            Listen().Close();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Test]
    public void A_server_that_runs_keeps_its_path()
    {
        DriverListener listener = Listen();
        Assert.That(() => Listen(), ThrowsInUse());
        Assert.That(
            listener.AcceptLast().Error, Is.EqualTo(SocketError.WouldBlock), "it is not disturbed");
        Assert.That(TryConnect(), Is.EqualTo(SocketError.Success));
        listener.Close();
    }

    [Test]
    public void A_server_whose_queue_is_full_keeps_its_path()
    {
        using var busy = new Socket(
            AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        busy.Bind(EndPoint);
        busy.Listen(0);
        var clients = new List<Socket>();
        SocketError last = SocketError.Success;
        while (last == SocketError.Success)
        {
            clients.Add(Connect(out last));
        }

        Assert.That(last, Is.EqualTo(SocketError.WouldBlock), "EAGAIN: the queue is full");
        Assert.That(() => Listen(), ThrowsInUse());
        busy.Accept().Dispose();
        clients.Add(Connect(out last));
        Assert.That(last, Is.EqualTo(SocketError.Success), "the path still leads to it");
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public void A_server_that_does_not_listen_yet_keeps_its_path([Values] bool isDatagram)
    {
        using var bound = new Socket(
            AddressFamily.Unix,
            isDatagram ? SocketType.Dgram : SocketType.Stream,
            ProtocolType.Unspecified);
        bound.Bind(EndPoint);
        Assert.That(() => Listen(), ThrowsInUse());
        Assert.That(File.Exists(_path));
    }

    [Test]
    public void What_is_no_socket_stays()
    {
        File.WriteAllText(_path, "precious");
        Assert.That(() => Listen(), ThrowsInUse());
        Assert.That(File.ReadAllText(_path), Is.EqualTo("precious"));
    }

    [Test]
    public void A_symbolic_link_to_a_stale_socket_stays()
    {
        LeaveStale();
        string target = _path;
        _path = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(_path, target);
        Assert.That(() => Listen(), ThrowsInUse());
        Assert.That(new FileInfo(_path).LinkTarget, Is.EqualTo(target));
        Assert.That(File.Exists(target));
    }

    [Test]
    public void Of_two_servers_that_start_together_one_has_the_path([Values] bool isStale)
    {
        for (int round = 0; round < StartsTogether; round++)
        {
            if (isStale)
            {
                LeaveStale();
            }

            int started = 0;
            using var barrier = new Barrier(3);
            Thread[] servers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                using var loop = new EventLoop(
                    new EventLoopOptions { Driver = LoopDrivers.Create(driverName) });
                barrier.SignalAndWait();
                DriverListener? listener = null;
                try
                {
                    listener = loop.Driver.Listen(EndPoint, new ListenOptions());
                    Interlocked.Increment(ref started);
                }
                catch (SocketException)
                {
                    // The other one was faster.
                }

                barrier.SignalAndWait(); // both have tried
                barrier.SignalAndWait(); // and it was looked whether the path leads to the winner
                listener?.Close();
            }))];
            Array.ForEach(servers, server => server.Start());
            barrier.SignalAndWait();
            barrier.SignalAndWait();
            SocketError connected = TryConnect();
            int winners = started;
            barrier.SignalAndWait();
            Array.ForEach(servers, server => server.Join());

            Assert.That((winners, connected), Is.EqualTo((1, SocketError.Success)), $"{round}");
            Assert.That(File.Exists(_path), Is.False);
        }
    }

    [Test]
    public void A_server_that_ends_leaves_the_path_to_the_one_that_has_it_now()
    {
        DriverListener first = Listen();
        File.Delete(_path);
        DriverListener second = Listen();
        first.Close();

        Assert.That(TryConnect(), Is.EqualTo(SocketError.Success));
        second.Close();
        Assert.That(File.Exists(_path), Is.False);
    }

    /// <summary>A socket file without a listener, as after SIGKILL.</summary>
    private void LeaveStale()
    {
        string other = _path + ".other";
        var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(other));
        dead.Listen();
        File.Move(other, _path); // so that the runtime, which removes it at the end, cannot
        dead.Dispose();
        Assert.That(File.Exists(_path));
    }

    private DriverListener Listen() => _loop.Driver.Listen(EndPoint, new ListenOptions());

    private SocketError TryConnect()
    {
        using Socket client = Connect(out SocketError error);
        return error;
    }

    private Socket Connect(out SocketError error)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            Blocking = false,
        };
        error = SocketError.Success;
        try
        {
            client.Connect(EndPoint);
        }
        catch (SocketException failure)
        {
            error = failure.SocketErrorCode;
        }

        return client;
    }

    private static EqualConstraint<SocketError> ThrowsInUse() =>
        Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode")
            .EqualTo(SocketError.AddressAlreadyInUse);
}
