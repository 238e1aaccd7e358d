using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Reactor.TestWorker;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A real loop and real worker processes. Jobs that must be held wait at a gate: they connect to a
/// port of the test, say their process number, and stay until the test lets them go or kills them.
/// So nothing waits for time; every wait is bounded. After each test no child is left.
/// </summary>
public abstract class ProcessPoolFixture
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(60);

    private readonly List<ProcessPoolExecutor> _pools = [];
    private readonly List<string> _reports = [];
    private readonly List<Guest> _guests = [];
    private TcpListener _gate = null!;

    protected EventLoop Loop { get; private set; } = null!;

    /// <summary>What a job is given to find the gate.</summary>
    protected int GatePort => ((IPEndPoint)_gate.LocalEndpoint).Port;

    /// <summary>The worker program as an executable; it was built with these tests.</summary>
    protected static string WorkerProgram =>
        Path.Combine(AppContext.BaseDirectory, "Reactor.TestWorker");

    [SetUp]
    public void Begin()
    {
        _reports.Clear();
        Loop = new EventLoop
        {
            ExceptionHandler = (_, context) => _reports.Add(
                $"{context.Message} {context.Exception}"),
        };
        _gate = new TcpListener(IPAddress.Loopback, 0);
        _gate.Start();
    }

    [TearDown]
    public void End()
    {
        _guests.ForEach(guest => guest.Dispose());
        _guests.Clear();
        _pools.ForEach(pool => pool.Dispose());
        _pools.Clear();
        Loop.Dispose();
        _gate.Dispose();
        Assert.That(Children(), Is.Empty, "children are left");
        Assert.That(_reports, Is.Empty, "the loop reported errors");
    }

    /// <summary>A pool of the worker program; disposed after the test.</summary>
    protected ProcessPoolExecutor NewPool(ProcessPoolOptions? options = null)
    {
        var pool = new ProcessPoolExecutor(
            WorkerJobs.All,
            (options ?? OneWorker) with { Command = options?.Command ?? [WorkerProgram] });
        _pools.Add(pool);
        return pool;
    }

    /// <summary>So that it is known which worker a job runs in.</summary>
    protected static ProcessPoolOptions OneWorker { get; } = new() { Workers = 1 };

    /// <summary>Runs a job to its end.</summary>
    protected TResult Call<TArgument, TResult>(
        ProcessPoolExecutor pool, ProcessJob<TArgument, TResult> job, TArgument argument) =>
        Outcome(Loop.RunInExecutor(job, argument, pool));

    /// <summary>Runs the loop until the future is done.</summary>
    protected T Outcome<T>(Future<T> future, TimeSpan? limit = null) =>
        Loop.RunUntilComplete(future.WaitAsync(limit ?? s_hung));

    /// <summary>Waits without the loop.</summary>
    protected static void WaitFor(Task task) =>
        Assert.That(task.Wait(s_hung), Is.True, "it does not end");

    /// <summary>Waits until a job stands at the gate. Blocks.</summary>
    protected Guest WaitForGuest()
    {
        Task<TcpClient> arrival = _gate.AcceptTcpClientAsync();
        WaitFor(arrival);
        var guest = new Guest(arrival.Result);
        _guests.Add(guest);
        return guest;
    }

    protected static void Kill(int processId)
    {
        using Process process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>The children of this process: number and state, as the kernel has them.</summary>
    protected static IReadOnlyList<(int Id, char State)> Children()
    {
        var children = new List<(int, char)>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id))
            {
                continue;
            }

            try
            {
                // The name of the program stands before, in brackets, and may hold blanks.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(fields[1], CultureInfo.InvariantCulture) == Environment.ProcessId)
                {
                    children.Add((id, fields[0][0]));
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return children;
    }

    /// <summary>A job that waits at the gate.</summary>
    protected sealed class Guest : IDisposable
    {
        private readonly TcpClient _client;

        public Guest(TcpClient client)
        {
            _client = client;
            client.ReceiveTimeout = (int)s_hung.TotalMilliseconds;
            byte[] number = new byte[sizeof(int)];
            client.GetStream().ReadExactly(number);
            ProcessId = BitConverter.ToInt32(number);
        }

        public int ProcessId { get; }

        /// <summary>Lets it go with a number that it gives back.</summary>
        public void Release(byte value) => _client.GetStream().WriteByte(value);

        public void Kill() => ProcessPoolFixture.Kill(ProcessId);

        /// <summary>Waits until its process is gone, whose socket the kernel closes then.</summary>
        public void WaitUntilGone()
        {
            try
            {
                Assert.That(_client.GetStream().ReadByte(), Is.EqualTo(-1));
            }
            catch (IOException error)
            {
                Assert.That(
                    (error.InnerException as SocketException)?.SocketErrorCode,
                    Is.EqualTo(SocketError.ConnectionReset));
            }
        }

        public void Dispose() => _client.Dispose();
    }
}
