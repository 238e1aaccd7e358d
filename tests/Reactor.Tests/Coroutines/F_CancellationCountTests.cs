using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements F12 to F18: taking a cancellation back, its message and trace, the way it goes
/// through nested awaits, and a socket that somebody waits for. F11's counts belong to it.
/// </summary>
public sealed class F_CancellationCountTests : LoopFixture
{
    [Test]
    public void F12_uncancel_counts_down_to_zero_and_returns_the_rest()
    {
        LoopTask task = Loop.CreateTask(Sleep(1));
        RunTurns(1);
        task.Cancel();
        task.Cancel();

        Assert.That(task.Uncancel(), Is.EqualTo(1));
        Assert.That(task.Cancelling, Is.EqualTo(1));
        Assert.That(task.Uncancel(), Is.Zero);
        Assert.That(task.Uncancel(), Is.Zero);
        Assert.That(task.Cancelling, Is.Zero);
        Assert.That(
            () => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>(),
            "its sleep was interrupted, and that is not undone");
        Assert.That(Seconds, Is.Zero);
    }

    [Test]
    public void F12_a_cancellation_that_has_interrupted_nothing_yet_can_be_taken_back_whole()
    {
        LoopTask task = Loop.CreateTask(Sleep(1));
        task.Cancel();
        Assert.That(task.Uncancel(), Is.Zero);

        Loop.RunUntilComplete(task);

        Assert.That(task.IsCancelled, Is.False);
        Assert.That(Seconds, Is.EqualTo(1));
    }

    [Test]
    public void F12_uncancel_after_completion_changes_nothing_visible()
    {
        LoopTask task = Loop.CreateTask(Sleep(1));
        RunTurns(1);
        task.Cancel();
        RunTurns(1);
        string before = task.ToString();

        task.Uncancel();

        Assert.That(task.IsCancelled, Is.True);
        Assert.That(task.ToString(), Is.EqualTo(before));
    }

    [Test]
    public void F13_a_timeout_block_made_by_hand_leaves_the_outer_code_alive()
    {
        Run(async () =>
        {
            bool isExpired = await WithTimeout(S(1), Sleep(9));
            Assert.That(isExpired, Is.True);
            Assert.That(LoopTask.Current!.Cancelling, Is.Zero);
            Assert.That(Seconds, Is.EqualTo(1));

            isExpired = await WithTimeout(S(9), Sleep(1));
            Assert.That(isExpired, Is.False);
            await EventLoop.Delay(S(20));
            Tell("alive");
        });

        Assert.That(Story, Is.EqualTo("alive"));
    }

    [Test]
    public void F13_a_cancel_from_outside_in_such_a_block_stays_a_cancellation()
    {
        LoopTask<bool> task = Loop.CreateTask(WithTimeout(S(5), Sleep(9)));
        Loop.CallLater(S(1), () => task.Cancel());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(task.Cancelling, Is.EqualTo(1));
    }

    [Test]
    public void F14_the_message_given_to_cancel_arrives_at_the_awaiter()
    {
        LoopTask task = Loop.CreateTask(Sleep(9));
        LoopTask waiter = Loop.CreateTask(AwaitTask(task));
        RunTurns(1);
        task.Cancel("server stops");

        Assert.That(() => Loop.RunUntilComplete(waiter), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("server stops"));
        Assert.That(() => task.Result, Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("server stops"));
    }

    [Test]
    public void F14_the_message_passes_through_an_awaited_task()
    {
        LoopTask task = Loop.CreateTask(Sleep(9));
        LoopTask waiter = Loop.CreateTask(AwaitTask(task));
        RunTurns(1);
        waiter.Cancel("server stops");

        Assert.That(() => Loop.RunUntilComplete(waiter), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("server stops"));
        Assert.That(task.IsCancelled, Is.True);
    }

    [Test]
    public void F14_a_cancellation_can_be_the_cause_of_another_exception()
    {
        LoopTask task = Loop.CreateTask(Wrap());
        RunTurns(1);
        task.Cancel("why");

        var error = Assert.Throws<FormatException>(() => Loop.RunUntilComplete(task));
        Assert.That(error!.InnerException, Is.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("why"));
        Assert.That(task.IsCancelled, Is.False);

        static async Coroutine Wrap()
        {
            try
            {
                await EventLoop.Delay(S(9));
            }
            catch (LoopCanceledException cancelled)
            {
                throw new FormatException("broken", cancelled);
            }
        }
    }

    [Test]
    public void F15_the_trace_has_the_interrupted_line_and_the_awaiting_line()
    {
        LoopTask task = Loop.CreateTask(Sleep(9));
        LoopTask waiter = Loop.CreateTask(AwaitTask(task));
        RunTurns(1);
        task.Cancel();

        var error = Assert.Throws<LoopCanceledException>(() => Loop.RunUntilComplete(waiter));

        string trace = error!.StackTrace!;
        int interrupted = trace.IndexOf(nameof(Sleep), StringComparison.Ordinal);
        int awaiting = trace.IndexOf(nameof(AwaitTask), StringComparison.Ordinal);
        Assert.That(interrupted, Is.Positive);
        Assert.That(awaiting, Is.GreaterThan(interrupted));
    }

    [Test]
    public void F16_it_passes_through_nested_awaits_innermost_first()
    {
        LoopTask task = Loop.CreateTask(Outer());
        RunTurns(1);
        task.Cancel();

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("inner inner-finally outer"));

        async Coroutine Outer()
        {
            try
            {
                await Inner();
            }
            catch (LoopCanceledException)
            {
                Tell("outer");
                throw;
            }
        }

        async Coroutine Inner()
        {
            try
            {
                await EventLoop.Delay(S(9));
            }
            catch (LoopCanceledException)
            {
                Tell("inner");
                throw;
            }
            finally
            {
                Tell("inner-finally");
            }
        }
    }

    [Test]
    public void F17_cancel_clears_a_pending_report_of_an_unfetched_exception()
    {
        LoopTask task = Loop.CreateTask(Fail());
        RunTurns(1);
        Assert.That(task.IsDone, Is.True);

        Assert.That(task.Cancel(), Is.False);

        Assert.That(CloseAndTakeReports(), Is.Empty);

        static async Coroutine Fail() => throw new FormatException();
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void F18_a_pending_socket_receive_is_cancelled_promptly_and_its_waiter_removed(
        string name)
    {
        LoopDriver driver = LoopDrivers.Create(name);
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        loop.RunUntilComplete(CancelAReceive(driver));
    }

    private static async Coroutine CancelAReceive(LoopDriver driver)
    {
        DriverListener listener = driver.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions());
        DriverConnect connect = driver.Connect(listener.LocalEndPoint);
        Assert.That(await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        await listener.WaitAcceptableAsync();
        DriverSocket server = listener.Accept().Socket!;

        LoopTask<SocketError> receive = EventLoop.Spawn(WaitReadable(server));
        await EventLoop.Yield();
        receive.Cancel();
        await EventLoop.Yield();
        Assert.That(receive.IsCancelled, Is.True, "one turn, whatever the peer does");

        // Nobody waits any more, so another may; and what arrives is not lost.
        LoopTask<SocketError> again = EventLoop.Spawn(WaitReadable(server));
        await EventLoop.Yield();
        connect.Socket.Send("x"u8);
        Assert.That(await again, Is.EqualTo(SocketError.Success));
        Assert.That(ReceiveOne(server), Is.EqualTo((byte)'x'));

        server.Close(reset: false);
        connect.Socket.Close(reset: false);
        listener.Close();
    }

    private static byte ReceiveOne(DriverSocket socket)
    {
        Span<byte> buffer = stackalloc byte[1];
        Assert.That(socket.Receive(buffer).Bytes, Is.EqualTo(1));
        return buffer[0];
    }

    private static async Coroutine<SocketError> WaitReadable(DriverSocket socket) =>
        await socket.WaitReadableAsync();

    /// <summary>True if the time was over before the body was done.</summary>
    private static async Coroutine<bool> WithTimeout(TimeSpan longest, Coroutine body)
    {
        ILoopTask task = LoopTask.Current!;
        bool isExpired = false;
        int before = task.Cancelling;
        TimerHandle timer = EventLoop.Current.CallLater(longest, () =>
        {
            isExpired = true;
            task.Cancel();
        });
        try
        {
            await body;
        }
        catch (LoopCanceledException) when (isExpired)
        {
            if (task.Uncancel() > before)
            {
                throw;
            }
        }
        finally
        {
            timer.Cancel();
        }

        return isExpired;
    }

    private static async Coroutine Sleep(double seconds) => await EventLoop.Delay(S(seconds));

    private static async Coroutine AwaitTask(LoopTask task) => await task;
}
