using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Recording;

/// <summary>
/// Unusual use of a recorded loop: a driver for two loops, calls that fail, several runs on several
/// threads, a hang, a slow disk, secrets.
/// </summary>
public sealed class RecordingUseTests
{
    [Test]
    public void A_second_loop_leaves_the_recording_of_the_first_whole()
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            Assert.That(
                () => new EventLoop(new EventLoopOptions { Driver = loop.Driver }),
                Throws.InvalidOperationException);
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            lines.Add("done");
        });
        var recorded = program.Record(new InMemoryDriver());
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void Calls_that_fail_fail_again()
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            LoopDriver driver = loop.Driver;
            Try(lines, () => driver.Listen(
                new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), new ListenOptions()));
            Try(lines, () => driver.Connect(new DnsEndPoint("name.invalid", 1)));
            Try(lines, () => driver.ListenSignal((PosixSignal)(-99), _ => { }));
            Try(lines, () => driver.ListenSignal(PosixSignal.SIGINT, _ => { }).Dispose());
            await EventLoop.Yield();
        });
        var recorded = program.Record(new Failing(new InMemoryDriver()));
        Assert.That(recorded.Lines, Is.EqualTo(new[]
        {
            "IOException: no listener", "ArgumentOutOfRangeException: no address",
            "PlatformNotSupportedException: no signal -99", "no error",
        }));
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void Another_signal_is_a_difference()
    {
        var signal = PosixSignal.SIGINT;
        using var program = new RecordedProgram(async (loop, _) =>
        {
            loop.Driver.ListenSignal(signal, _ => { }).Dispose();
            await EventLoop.Yield();
        });
        program.Record(new InMemoryDriver());
        signal = PosixSignal.SIGQUIT;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Requested, Is.EqualTo("a handler for the signal SIGQUIT"));
        Assert.That(difference.Recorded, Is.EqualTo("a handler for the signal SIGINT"));
    }

    [Test]
    public void A_listener_on_another_kind_of_socket_is_a_difference()
    {
        AddressFamily family = AddressFamily.InterNetwork;
        using var program = new RecordedProgram(async (loop, _) =>
        {
            using var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(
                family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Any, 0));
            loop.Driver.Listen(socket, new ListenOptions()).Close();
            await EventLoop.Yield();
        });
        program.Record(LoopDrivers.Sockets());
        program.Replay();
        family = AddressFamily.InterNetworkV6;
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Requested, Does.StartWith("a listener on a InterNetworkV6 socket"));
        Assert.That(
            difference.Recorded,
            Does.StartWith("a listener on a InterNetwork socket on 127.0.0.1"));
    }

    [Test]
    public void A_loop_made_and_used_on_another_thread_replays()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        LoopRecording recorder = program.Recorder(new InMemoryDriver());
        string recorded = OnThread(() => Main(recorder));
        using LoopReplay replay = program.Open();
        string replayed = "";
        replay.Run(driver => replayed = OnThread(() => Main(driver)));
        Assert.That(replayed, Is.EqualTo(recorded));

        static string Main(LoopDriver driver)
        {
            var lines = new List<string>();
            using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
            loop.CallLater(TimeSpan.FromSeconds(1), () => lines.Add($"one {loop.Time}"));
            loop.RunUntilComplete(Wait());
            return string.Join(";", lines);
        }
    }

    [Test]
    public void Runs_on_several_threads_and_timers_between_them_replay()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        string recorded = Main(program.Recorder(new InMemoryDriver()));
        using LoopReplay replay = program.Open();
        string replayed = "";
        replay.Run(driver => replayed = Main(driver));
        Assert.That(replayed, Is.EqualTo(recorded));

        static string Main(LoopDriver driver)
        {
            var lines = new List<string>();
            using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
            for (int run = 0; run < 3; run++)
            {
                int number = run;
                loop.CallLater(TimeSpan.FromSeconds(1), () => lines.Add($"{number} {loop.Time}"));
                OnThread(() =>
                {
                    loop.RunUntilComplete(Wait());
                    return "";
                });
            }

            return string.Join(";", lines);
        }
    }

    [Test]
    public void A_clock_that_another_thread_reads_between_runs_is_not_recorded()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        Main(program.Recorder(new InMemoryDriver()), reads: 3);
        using LoopReplay replay = program.Open();
        replay.Run(driver => Main(driver, reads: 5));
        Assert.That(replay.HasEnded);

        static void Main(LoopDriver driver, int reads)
        {
            using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
            loop.RunUntilComplete(Wait());
            OnThread(() =>
            {
                for (int i = 0; i < reads; i++)
                {
                    _ = loop.Time;
                }

                return "";
            });
            loop.RunUntilComplete(Wait());
        }
    }

    [Test]
    public void Clocks_and_random_numbers_of_another_thread_during_a_run_are_not_recorded()
    {
        int reads = 3;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            TimeSpan last = loop.Time;
            lines.Add(OnThread(() =>
            {
                TimeSpan time = last;
                for (int i = 0; i < reads; i++)
                {
                    time = loop.Time;
                    _ = loop.TimeProvider.GetUtcNow();
                    _ = loop.Driver.Random.Next();
                }

                return $"{time}";
            }));
            lines.Add($"{loop.Time} {loop.TimeProvider.GetUtcNow():O} {loop.Driver.Random.Next()}");
        });
        var recorded = program.Record(new InMemoryDriver());
        reads = 5;
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void Messages_between_runs_keep_their_place_among_the_posts()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        string recorded = Main(program.Recorder(new InMemoryDriver()));
        Assert.That(recorded, Is.EqualTo("A;thread;B"));
        using LoopReplay replay = program.Open();
        string replayed = "";
        replay.Run(driver => replayed = Main(driver));
        Assert.That(replayed, Is.EqualTo(recorded));

        static string Main(LoopDriver driver)
        {
            var lines = new List<string>();
            using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
            loop.CallSoon(() => lines.Add("A"));
            OnThread(() =>
            {
                loop.CallSoonThreadSafe(() => lines.Add("thread"));
                return "";
            });
            loop.CallSoon(() => lines.Add("B"));
            loop.RunUntilComplete(Wait());
            return string.Join(";", lines);
        }
    }

    [Test]
    public void A_loop_that_hangs_has_its_entries_in_the_file()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        LoopRecording recorder = program.Recorder(new InMemoryDriver());
        var numbers = new List<int>();
        using (var loop = new EventLoop(new EventLoopOptions { Driver = recorder }))
        {
            loop.RunUntilComplete(Main(loop));
        }

        async Coroutine Main(EventLoop loop)
        {
            numbers.Add(loop.Driver.Random.Next(1000));
            await EventLoop.Yield();
            var file = new FileView(program.Path);
            // The loop hangs until the file has what it did before.
            Assert.That(() => file.HasEntries(), Is.True.After(10_000, 20));
        }
    }

    [Test]
    public void A_disk_slower_than_the_loop_ends_the_recording_at_the_bound_of_the_queue()
    {
        string? reason = null;
        using var stream = new StuckStream();
        var writer = new BlockWriter(
            stream, bytesMax: 1 << 30, queueBytesMax: 100_000, ended => reason = ended);
        stream.WaitUntilStuck();
        int taken = 0;
        while (writer.Take(1) is { } block && taken < 100)
        {
            block.End += BlockWriter.BlockBytes;
            writer.Enqueue(block);
            taken++;
        }

        stream.Release();
        Assert.That(writer.Complete(TimeSpan.FromSeconds(10)));
        Assert.That(taken, Is.EqualTo(2), "one is below the bound of the queue, two are beyond it");
        Assert.That(reason, Does.Contain("the disk is slower than the loop, and 100000 bytes"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Only_the_user_may_read_the_file()
    {
        using var program = new RecordedProgram(async (_, _) => await EventLoop.Yield());
        program.Record(new InMemoryDriver());
        Assert.That(
            File.GetUnixFileMode(program.Path),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_masked_file_tells_nothing_by_sums_random_bytes_errors_and_arguments()
    {
        byte[] random = [];
        using var program = new RecordedProgram(async (loop, _) =>
        {
            LoopServer server = await loop.StartServer(
                async connection => await connection.ReadLineAsync(), "127.0.0.1", port: 0);
            Connection client = await Connection.OpenAsync(server.EndPoints[0]);
            await client.WriteAsync("pin 1234\n"u8.ToArray());
            loop.Driver.Random.NextBytes(random = new byte[16]);
            Try([], () => loop.Driver.Connect(new DnsEndPoint("name.invalid", 1)));
            client.Close();
            server.Close();
            await server.WaitClosedAsync();
        })
        {
            Mask = true,
        };
        var driver = new LoopRecording(
            new Failing(new InMemoryDriver()),
            new LoopRecordingOptions { Path = program.Path, Mask = true, Arguments = ["--key=x"] });
        program.Run(driver);
        byte[] file = File.ReadAllBytes(program.Path);
        byte[] sum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, Checksum.Of("pin 1234\n"u8));
        Assert.Multiple(() =>
        {
            Assert.That(file.AsSpan().IndexOf(sum), Is.Negative, "check sum");
            Assert.That(file.AsSpan().IndexOf(random), Is.Negative, "random bytes");
            Assert.That(file.AsSpan().IndexOf("no address"u8), Is.Negative, "text of an error");
            Assert.That(file.AsSpan().IndexOf("--key"u8), Is.Negative, "arguments");
        });
    }

    private static async Coroutine Wait() => await EventLoop.Delay(TimeSpan.FromSeconds(2));

    private static void Try(List<string> lines, Action call)
    {
        try
        {
            call();
            lines.Add("no error");
        }
        catch (Exception error)
        {
            lines.Add($"{error.GetType().Name}: {error.Message}");
        }
    }

    private static string OnThread(Func<string> call)
    {
        string result = "";
        var thread = new Thread(() => result = call());
        thread.Start();
        thread.Join();
        return result;
    }

    /// <summary>Fails calls as drivers do.</summary>
    private sealed class Failing(LoopDriver inner) : DelegatingLoopDriver(inner)
    {
        public override DriverListener Listen(EndPoint endPoint, ListenOptions options) =>
            endPoint.ToString() == "192.0.2.1:0" ? throw new IOException("no listener")
            : base.Listen(endPoint, options);

        public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null) =>
            endPoint is DnsEndPoint
                ? throw new ArgumentOutOfRangeException("no address", innerException: null)
            : base.Connect(endPoint, localEndPoint);

        internal override IDisposable ListenSignal(
            PosixSignal signal, Action<PosixSignalContext> handler) => (int)signal == -99
            ? throw new PlatformNotSupportedException("no signal -99")
            : base.ListenSignal(signal, handler);
    }

    /// <summary>Looks into a file that is still written.</summary>
    private sealed class FileView(string path)
    {
        public bool HasEntries()
        {
            using RecordingFile file = RecordingFile.Open(path);
            byte[] block = [];
            while (file.TryRead(ref block, out BlockType type, out _))
            {
                if (type == BlockType.Entries)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>A disk whose first write takes until it is released.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly ManualResetEventSlim _isStuck = new();
        private readonly ManualResetEventSlim _isReleased = new();

        public void WaitUntilStuck() => _isStuck.Wait();

        public void Release() => _isReleased.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isStuck.Set();
            _isReleased.Wait();
            base.Write(buffer);
        }
    }
}
