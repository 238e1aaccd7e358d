using System.IO.Pipes;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// What the epoll driver does beyond the contract: waking, its clock, its descriptors, and what it
/// gives back.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
public sealed class EpollDriverTests
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    [Test]
    public void Any_number_of_wakes_is_one_write_while_the_loop_sleeps_and_none_while_it_is_awake()
    {
        using var driver = new EpollDriver();
        for (int i = 0; i < 1000; i++)
        {
            driver.Wake();
        }

        Assert.That(driver.Calls.Wakes, Is.Zero, "it is not asleep");
        driver.Poll(null); // and was woken before it slept
        var polling = new Thread(() => driver.Poll(null));
        polling.Start();
        Assert.That(SpinWait.SpinUntil(() => driver.IsAsleep, s_hung));
        long waits = driver.Calls.Waits;
        for (int i = 0; i < 1000; i++)
        {
            driver.Wake();
        }

        Assert.That(polling.Join(s_hung), "nobody woke it");
        Assert.That(driver.Calls.Wakes, Is.EqualTo(1));
        Assert.That(waits, Is.InRange(1, 2));
    }

    [TestCase(null, 50_000)]
    [TestCase(0, 1)]
    [TestCase(30, 3000)]
    public void The_timer_slack_is_set_for_the_thread_that_polls(long? ticks, int slackNs)
    {
        const int GetTimerSlack = 30; // prctl(2)
        TimeSpan? asked = ticks is { } some ? TimeSpan.FromTicks(some) : null;
        using var driver = new EpollDriver(asked);
        int before = 0;
        int after = 0;
        var thread = new Thread(() =>
        {
            before = Libc.ProcessControl(GetTimerSlack, 0, 0, 0, 0);
            driver.Poll(TimeSpan.Zero);
            after = Libc.ProcessControl(GetTimerSlack, 0, 0, 0, 0);
        });
        thread.Start();
        thread.Join();

        Assert.That(before, Is.EqualTo(50_000), "the kernel's default");
        Assert.That(after, Is.EqualTo(slackNs));
    }

    [Test]
    public void A_negative_timer_slack_is_refused() => Assert.That(
        () => LoopDrivers.Epoll(TimeSpan.FromTicks(-1)),
        Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_wake_up_ends_one_wait()
    {
        using var driver = new EpollDriver();
        TimeSpan wait = TimeSpan.FromMilliseconds(5);
        driver.Wake();
        driver.Poll(driver.Now + s_hung);
        TimeSpan start = driver.Now;
        driver.Poll(start + wait);

        Assert.That(driver.Now - start, Is.GreaterThanOrEqualTo(wait - driver.Resolution));
    }

    [Test]
    public void A_wake_up_is_used_up_by_a_poll_that_does_not_wait()
    {
        using var driver = new EpollDriver();
        TimeSpan wait = TimeSpan.FromMilliseconds(5);
        driver.Wake();
        driver.Poll(TimeSpan.Zero);
        TimeSpan start = driver.Now;
        driver.Poll(start + wait);

        Assert.That(driver.Now - start, Is.GreaterThanOrEqualTo(wait - driver.Resolution));
    }

    [Test]
    public void Waking_and_disposing_at_the_same_time_throws_nothing_and_writes_to_no_other_file()
    {
        for (int i = 0; i < 50; i++)
        {
            var driver = new EpollDriver();
            Exception? error = null;
            var waker = new Thread(() =>
            {
                try
                {
                    for (int j = 0; j < 1000; j++)
                    {
                        driver.Wake();
                    }
                }
                catch (Exception thrown)
                {
                    error = thrown;
                }
            });
            waker.Start();
            driver.Poll(driver.Now + TimeSpan.FromMilliseconds(1));
            driver.Dispose();
            // The kernel gives new files the lowest numbers: those of the driver's descriptors.
            SafeFileHandle[] files = [NewFile(), NewFile(), NewFile(), NewFile()];
            waker.Join();
            driver.Dispose();
            driver.Wake();

            Assert.That(error, Is.Null);
            foreach (SafeFileHandle file in files)
            {
                Assert.That(RandomAccess.GetLength(file), Is.Zero);
                file.Dispose();
            }
        }

        static SafeFileHandle NewFile() => File.OpenHandle(
            Path.GetTempFileName(),
            FileMode.Open,
            FileAccess.ReadWrite,
            options: FileOptions.DeleteOnClose);
    }

    [Test]
    public void A08_no_timer_is_early_with_or_without_the_precise_wait([Values] bool isPrecise)
    {
        using var driver = new EpollDriver();
        driver.Calls.HasPreciseWait = isPrecise;
        foreach (double delayMs in new[] { 0.05, 0.3, 1, 1.7, 3.2 })
        {
            TimeSpan deadline = driver.Now + TimeSpan.FromMilliseconds(delayMs);
            while (driver.Now < deadline - driver.Resolution)
            {
                driver.Poll(deadline);
            }

            // Not even by a rounding: a poll that ends at its deadline ends no earlier.
            Assert.That(driver.Now, Is.GreaterThanOrEqualTo(deadline - driver.Resolution));
        }

        Assert.That(driver.Calls.Waits, Is.LessThanOrEqualTo(10), "and none spins");
    }

    [Test]
    [Category("Measured")]
    public void A_timer_below_a_millisecond_takes_less_than_one()
    {
        using var driver = new EpollDriver();
        TimeSpan delay = TimeSpan.FromMicroseconds(100);
        var least = TimeSpan.MaxValue;
        for (int i = 0; i < 50; i++)
        {
            TimeSpan start = driver.Now;
            driver.Poll(start + delay);
            TimeSpan taken = driver.Now - start;
            least = taken < least ? taken : least;
        }

        Skip.Unless(driver.Calls.HasPreciseWait, "the kernel is older than 5.11");
        Assert.That(least, Is.LessThan(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public void Every_descriptor_is_closed_on_exec()
    {
        HashSet<string> before = Descriptors();
        using var loop = new EventLoop(new EventLoopOptions { Driver = new EpollDriver() });
        loop.RunUntilComplete(HavePair(loop.Driver));
        string[] own = [.. Descriptors().Except(before)];

        Assert.That(own, Has.Length.GreaterThanOrEqualTo(5), "epoll, eventfd, three sockets");
        foreach (string descriptor in own)
        {
            string flags = File.ReadLines($"/proc/self/fdinfo/{descriptor.Split(' ')[0]}")
                .First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            const int CloseOnExec = 0x80000;
            Assert.That(
                Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec,
                Is.Not.Zero,
                descriptor);
        }
    }

    [Test]
    public void A_driver_closes_what_is_still_open_when_it_is_disposed_of()
    {
        HashSet<string> before = Descriptors();
        for (int i = 0; i < 20; i++)
        {
            var loop = new EventLoop(new EventLoopOptions { Driver = new EpollDriver() });
            (DriverSocket client, DriverSocket server) =
                loop.RunUntilComplete(HavePair(loop.Driver));
            loop.Close();

            // It is harmless afterwards, and touches no descriptor.
            Assert.That(
                server.Receive(new byte[1]).Error, Is.EqualTo(SocketError.OperationAborted));
            Assert.That(client.WaitReadableAsync().IsCompleted, Is.True);
            client.Close(reset: true);
            server.Close(reset: false);
        }

        Assert.That(Descriptors().Except(before), Is.Empty);
    }

    [Test]
    public void A_regular_file_is_refused_and_nothing_is_left_of_it()
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = new EpollDriver() });
        using SafeFileHandle file = File.OpenHandle(typeof(EpollDriverTests).Assembly.Location);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(
                () => loop.Driver.Watch(file, new Nothing(), new Nothing()),
                Throws.ArgumentException.With.Message.Contains("executor"));
        }

        file.Dispose();
        Assert.That(file.IsClosed);
    }

    [Test]
    public void A_descriptor_is_watched_once_at_a_time()
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = new EpollDriver() });
        using var pipe = new AnonymousPipeServerStream();
        DriverWatch watch = loop.Driver.Watch(
            pipe.SafePipeHandle, new Nothing(), new Nothing());
        Assert.That(
            () => loop.Driver.Watch(pipe.SafePipeHandle, new Nothing(), new Nothing()),
            Throws.InvalidOperationException.With.Message.Contains("already"));
        watch.Close();
        loop.Driver.Watch(pipe.SafePipeHandle, new Nothing(), new Nothing()).Close();
    }

    [Test]
    public void A_hang_up_that_nobody_asked_about_does_not_spin()
    {
        using var driver = new EpollDriver();
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        DriverWatch watch = driver.Watch(pipe.SafePipeHandle, new Nothing(), new Nothing());
        watch.Interest = DriverReadiness.Read;
        watch.Interest = DriverReadiness.None;
        pipe.ClientSafePipeHandle.Dispose();
        long before = driver.Calls.Waits;
        loop.RunUntilComplete(Sleep());
        Assert.That(driver.Calls.Waits - before, Is.LessThan(10));
        watch.Close();

        static async Coroutine Sleep() => await EventLoop.Delay(TimeSpan.FromMilliseconds(5));
    }

    [Test]
    public void The_drivers_of_this_system_have_names_and_another_name_is_refused_with_them()
    {
        Assert.That(LoopDrivers.Names, Is.EqualTo(new[] { "sockets", "epoll" }));
        foreach (string name in LoopDrivers.Names)
        {
            using LoopDriver driver = LoopDrivers.Create(name);
            Assert.That(driver.Name, Is.EqualTo(name));
            using LoopDriver same = LoopDrivers.Create(name.ToUpperInvariant());
            Assert.That(same.Name, Is.EqualTo(name));
        }

        Assert.That(
            () => LoopDrivers.Create("pigeon"),
            Throws.ArgumentException.With.Message.Contains("sockets, epoll"));
    }

    // Sockets, epoll sets and event descriptors by number and by what they are: a number alone may
    // have been given to something else meanwhile.
    private static HashSet<string> Descriptors() =>
    [
        .. from path in Directory.GetFileSystemEntries("/proc/self/fd")
           let target = new FileInfo(path).LinkTarget
           where target is not null && (target.StartsWith("socket:", StringComparison.Ordinal)
               || target.StartsWith("anon_inode:", StringComparison.Ordinal))
           select $"{Path.GetFileName(path)} {target}",
    ];

    private static async Coroutine<(DriverSocket Client, DriverSocket Server)> HavePair(
        LoopDriver driver)
    {
        DriverListener listener = driver.Listen(SimulatedLoop.AnyPort, new ListenOptions());
        DriverConnect connect = driver.Connect(listener.LocalEndPoint);
        Assert.That(await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        while (true)
        {
            if (listener.Accept().Socket is { } server)
            {
                return (connect.Socket, server);
            }

            await listener.WaitAcceptableAsync();
        }
    }

    private sealed class Nothing : LoopWork
    {
        public override void Run()
        {
        }
    }
}
