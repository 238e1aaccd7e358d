using System.Net.Sockets;
using Reactor.Drivers;
using static Reactor.Tests.Drivers.DriverSockets;

namespace Reactor.Tests.Drivers;

/// <summary>The contract of drivers: time, waking, cancelling, and where user code runs.</summary>
public abstract partial class DriverContractTests
{
    [Test]
    public void A_deadline_ends_a_poll_and_not_early() => Run(async () =>
    {
        foreach (double delayMs in new[] { 0.1, 1, 2.5, 20 })
        {
            TimeSpan delay = TimeSpan.FromMilliseconds(delayMs);
            TimeSpan start = Driver.Now;
            await EventLoop.Delay(delay);
            Assert.That(Driver.Now - start, Is.GreaterThanOrEqualTo(delay - Driver.Resolution));
        }
    });

    [Test]
    public void A_poll_whose_deadline_has_passed_does_not_wait()
    {
        TimeSpan start = Driver.Now;
        Driver.Poll(TimeSpan.Zero);
        Driver.Poll(start);

        Assert.That(Driver.Now - start, Is.LessThan(s_hung));
    }

    [Test]
    public void The_clock_never_goes_back()
    {
        TimeSpan last = TimeSpan.Zero;
        for (int i = 0; i < 10_000; i++)
        {
            TimeSpan now = Driver.Now;
            Assert.That(now, Is.GreaterThanOrEqualTo(last));
            last = now;
        }
    }

    [Test]
    public void Another_thread_can_wake_a_poll_that_waits()
    {
        Promise<int> answer = _loop.CreateFuture<int>();
        Driver.NoteWorkElsewhere(1);
        var thread = new Thread(() => _loop.CallSoonThreadSafe(() =>
        {
            Driver.NoteWorkElsewhere(-1);
            answer.SetResult(42);
        }));
        _loop.CallSoon(thread.Start);

        Run(async () => Assert.That(await answer, Is.EqualTo(42)));
        thread.Join();
    }

    [Test]
    public void No_wake_of_many_threads_is_lost()
    {
        const int ThreadCount = 4;
        const int CallsPerThread = 2_000;
        int left = ThreadCount * CallsPerThread;
        Promise<int> all = _loop.CreateFuture<int>();
        Driver.NoteWorkElsewhere(1);
        Thread[] threads = [.. Enumerable.Range(0, ThreadCount).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < CallsPerThread; i++)
            {
                _loop.CallSoonThreadSafe(() =>
                {
                    if (--left == 0)
                    {
                        all.SetResult(0);
                    }
                });
            }
        }))];
        _loop.CallSoon(() => Array.ForEach(threads, thread => thread.Start()));

        Run(async () => await all);

        Driver.NoteWorkElsewhere(-1);
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(left, Is.Zero);
    }

    [Test]
    public void A_completion_runs_no_user_code_inside_the_poll() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        bool hasRun = false;
        LoopTask waiter = EventLoop.Spawn(WaitThenSay(server, () => hasRun = true));
        await EventLoop.Yield();
        Assert.That(server.WaitReadableAsync().IsCompleted, Is.False);
        client.Send("x"u8);
        while (!server.WaitReadableAsync().IsCompleted)
        {
            Driver.Poll(Driver.Now + s_hung);
        }

        Assert.That(hasRun, Is.False, "the poll only posts");
        await waiter;
        Assert.That(hasRun, Is.True);
    });

    [Test]
    public void Cancelling_a_task_that_waits_loses_no_byte_and_leaves_the_socket_usable() =>
        Run(async () =>
        {
            (DriverSocket client, DriverSocket server) = await ConnectPair();
            for (byte i = 0; i < 20; i++)
            {
                LoopTask<SocketError> wait = EventLoop.Spawn(WaitReadable(server));
                await EventLoop.Yield();
                wait.Cancel();
                if (i % 2 == 0)
                {
                    client.Send([i]); // races with the cancellation
                }

                await EventLoop.Wait([wait]);
                Assert.That(wait.IsCancelled);
                if (i % 2 == 1)
                {
                    client.Send([i]);
                }

                await server.WaitReadableAsync();
                Assert.That(Receive(server, 10), Is.EqualTo(new[] { i }));
            }
        });

    [Test]
    public void A_cancellation_after_the_completion_loses_no_byte() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        LoopTask<SocketError> wait = EventLoop.Spawn(WaitReadable(server));
        await EventLoop.Yield();
        client.Send("x"u8);
        while (!server.WaitReadableAsync().IsCompleted)
        {
            Driver.Poll(Driver.Now + s_hung);
        }

        wait.Cancel(); // posted by the poll, and not run yet
        await EventLoop.Wait([wait]);

        Assert.That(wait.IsCancelled);
        await server.WaitReadableAsync();
        Assert.That(Receive(server, 10), Is.EqualTo("x"u8.ToArray()));
    });

    [Test]
    public void A_send_goes_on_when_the_task_that_waits_for_it_is_cancelled() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        byte[] data = new byte[s_moreThanAnyBuffer];
        new Random(3).NextBytes(data);
        LoopTask<SocketError> send = EventLoop.Spawn(SendAll(client, data));
        await EventLoop.Yield();
        send.Cancel();
        await EventLoop.Wait([send]);
        Assert.That(send.IsCancelled);

        byte[] received = await ReceiveAll(server, data.Length);
        Assert.That(received.AsSpan().SequenceEqual(data));
    });

    [Test]
    public void A_plain_async_method_can_await_a_socket() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        Task<SocketError> wait = WaitAsPlainTask(server);
        client.Send("x"u8);

        Assert.That(await wait, Is.EqualTo(SocketError.Success));
        Assert.That(Receive(server, 1), Is.EqualTo("x"u8.ToArray()));
    });

    [Test]
    public void A_continuation_of_what_has_ended_runs_in_the_next_turn() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        OperationAwaitable readable = server.WaitReadableAsync();
        client.Send("x"u8);
        await readable;
        bool hasRun = false;
        readable.OnCompleted(() => hasRun = true);
        Assert.That((readable.IsCompleted, hasRun), Is.EqualTo((true, false)));

        await EventLoop.Yield();
        Assert.That(hasRun);
    });

    private static async Coroutine WaitThenSay(DriverSocket socket, Action say)
    {
        await socket.WaitReadableAsync();
        say();
    }

    private static async Task<SocketError> WaitAsPlainTask(DriverSocket socket) =>
        await socket.WaitReadableAsync();
}
