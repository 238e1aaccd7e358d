using System.Text.Json;
using Reactor.Testing;
using Reactor.TestWorker;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Calls to worker processes (statements C08, C09 and C11): what travels, what is too much, and
/// what a cancellation does.
/// </summary>
public sealed class ProcessPoolTests : ProcessPoolFixture
{
    [Test]
    public void C08_a_job_runs_in_another_process_and_gives_back_the_value()
    {
        ProcessPoolExecutor pool = NewPool();

        Assert.That(Call(pool, WorkerJobs.Square, 12), Is.EqualTo(144));
        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.Not.EqualTo(Environment.ProcessId));
    }

    [Test]
    public void C08_an_object_with_parts_travels_both_ways()
    {
        var order = new Order("hé\n\"", [1, 2, int.MaxValue]) { Next = new Order("b", []) };

        Order back = Call(NewPool(), WorkerJobs.Echo, order);

        Assert.That((back.Name, back.Next!.Name), Is.EqualTo(("hé\n\"", "b")));
        Assert.That(back.Numbers, Is.EqualTo(new[] { 1, 2, int.MaxValue }));
    }

    [Test]
    public void C08_an_exception_comes_back_in_words_and_the_worker_lives_on()
    {
        ProcessPoolExecutor pool = NewPool();
        int worker = Call(pool, WorkerJobs.Pid, 0);

        var error = Assert.Throws<RemoteJobException>(
            () => Call(pool, WorkerJobs.Throw, "not a number"));

        Assert.That(error!.RemoteTypeName, Is.EqualTo("System.FormatException"));
        Assert.That(error.RemoteMessage, Is.EqualTo("not a number"));
        Assert.That(error.RemoteStackTrace, Does.Contain(nameof(WorkerJobs)));
        Assert.That(error.JobName, Is.EqualTo("throw"));
        Assert.That(error.ToString(), Does.Contain(error.RemoteStackTrace));
        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.EqualTo(worker));
    }

    [Test]
    public void An_exception_that_cannot_say_its_message_does_not_cost_the_worker()
    {
        ProcessPoolExecutor pool = NewPool();
        int worker = Call(pool, WorkerJobs.Pid, 0);

        var error = Assert.Throws<RemoteJobException>(
            () => Call(pool, WorkerJobs.ThrowWithoutMessage, 0));

        Assert.That(error!.RemoteMessage, Is.EqualTo("(FormatException in Message)"));
        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.EqualTo(worker));
    }

    [Test]
    public void An_exception_with_an_endless_message_still_fits()
    {
        string message = new('\u0001', 1_000_000); // six bytes of JSON each

        var error = Assert.Throws<RemoteJobException>(
            () => Call(NewPool(), WorkerJobs.Throw, message));

        Assert.That(error!.RemoteMessage, Has.Length.EqualTo((16 * 1024) + 1), "cut, and says so");
    }

    [Test]
    public void C08_time_does_not_jump_while_the_work_is_away()
    {
        ProcessPoolExecutor pool = NewPool();
        Call(pool, WorkerJobs.Square, 1); // the worker is up
        using var loop = new EventLoop(new EventLoopOptions { Driver = new ManualDriver() });

        TimeSpan when = loop.RunUntilComplete(Main());

        Assert.That(when, Is.EqualTo(TimeSpan.Zero));

        async Coroutine<TimeSpan> Main()
        {
            LoopTask sleeper = EventLoop.Spawn(Sleep());
            await loop.RunInExecutor(WorkerJobs.Square, 2, pool);
            TimeSpan back = loop.Time;
            await sleeper;
            return back;
        }

        static async Coroutine Sleep() => await EventLoop.Delay(TimeSpan.FromHours(1));
    }

    [Test]
    public void C08_time_goes_on_when_a_waiting_call_is_cancelled()
    {
        ProcessPoolExecutor pool = NewPool();
        Future<int> running = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Guest guest = WaitForGuest();
        using var loop = new EventLoop(new EventLoopOptions { Driver = new ManualDriver() });

        Future<int> waiting = loop.RunInExecutor(WorkerJobs.Square, 2, pool);
        waiting.Cancel();
        loop.RunUntilComplete(Sleep()); // a clock that waits for the call would be stuck

        guest.Release(1);
        Assert.That(Outcome(running), Is.EqualTo(1));

        static async Coroutine Sleep() => await EventLoop.Delay(TimeSpan.FromHours(1));
    }

    [Test]
    public void Two_jobs_run_at_once_in_two_processes()
    {
        ProcessPoolExecutor pool = NewPool(new ProcessPoolOptions { Workers = 2 });
        Future<int> a = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Future<int> b = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);

        Guest one = WaitForGuest();
        Guest two = WaitForGuest();

        Assert.That(one.ProcessId, Is.Not.EqualTo(two.ProcessId));
        one.Release(7);
        two.Release(7);
        Assert.That((Outcome(a), Outcome(b)), Is.EqualTo((7, 7)));
    }

    [Test]
    public void An_argument_that_cannot_be_written_fails_its_future_not_the_pool()
    {
        ProcessPoolExecutor pool = NewPool();
        int worker = Call(pool, WorkerJobs.Pid, 0);
        var ring = new Order("ring", []);
        ring.Next = ring;

        Assert.That(
            () => Call(pool, WorkerJobs.Echo, ring),
            Throws.InvalidOperationException.With.Message.Contains("Depth (64)"));

        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.EqualTo(worker));
    }

    [Test]
    public void An_argument_and_a_result_may_have_exactly_the_largest_size()
    {
        ProcessPoolExecutor pool = NewPool(OneWorker with { MessageBytesMax = 1000 });
        int worker = Call(pool, WorkerJobs.Pid, 0);

        Assert.That(Call(pool, WorkerJobs.Length, new string('x', 998)), Is.EqualTo(998));
        Assert.That(Call(pool, WorkerJobs.Text, 1000), Has.Length.EqualTo(998));
        Assert.That(
            () => Call(pool, WorkerJobs.Length, new string('x', 999)),
            Throws.InvalidOperationException.With.Message.Contains("MessageBytesMax"));
        Assert.That(
            () => Call(pool, WorkerJobs.Text, 1001),
            Throws.TypeOf<RemoteJobException>().With.Message.Contains("MessageBytesMax"));

        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.EqualTo(worker));
    }

    [Test]
    public void A_message_of_many_pipefuls_travels_whole()
    {
        const int Characters = 4_000_000; // a pipe holds 65,536 bytes

        ProcessPoolExecutor pool = NewPool();

        Assert.That(
            Call(pool, WorkerJobs.Length, new string('x', Characters)), Is.EqualTo(Characters));
        Assert.That(Call(pool, WorkerJobs.Text, Characters), Has.Length.EqualTo(Characters - 2));
    }

    [Test]
    public void One_call_more_than_may_be_pending_is_refused()
    {
        ProcessPoolExecutor pool = NewPool(OneWorker with { PendingMax = 2 });
        Future<int> running = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Future<int> waiting = Loop.RunInExecutor(WorkerJobs.Square, 3, pool);

        Assert.That(
            () => Loop.RunInExecutor(WorkerJobs.Square, 4, pool),
            Throws.TypeOf<ExecutorFullException>().With.Message.Contains("PendingMax"));

        waiting.Cancel();
        Future<int> instead = Loop.RunInExecutor(WorkerJobs.Square, 5, pool);
        WaitForGuest().Release(1);
        Assert.That((Outcome(running), Outcome(instead)), Is.EqualTo((1, 25)));
        Assert.That(Call(pool, WorkerJobs.Square, 6), Is.EqualTo(36));
    }

    [Test]
    public void C09_cancelling_a_running_call_kills_its_worker_and_another_takes_its_place()
    {
        ProcessPoolExecutor pool = NewPool();
        Future<int> call = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Guest guest = WaitForGuest();

        call.Cancel();

        guest.WaitUntilGone();
        Assert.That(call.IsCancelled, Is.True);
        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.Not.EqualTo(guest.ProcessId));
    }

    [Test]
    public void C09_cancelling_a_task_that_awaits_a_call_kills_the_worker()
    {
        ProcessPoolExecutor pool = NewPool();
        LoopTask<int> task = Loop.CreateTask(Await());
        Loop.RunBriefly();
        Guest guest = WaitForGuest();

        task.Cancel();

        Assert.That(() => Outcome(task), Throws.TypeOf<LoopCanceledException>());
        guest.WaitUntilGone();

        async Coroutine<int> Await() =>
            await Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
    }

    [Test]
    public void C09_cancelling_a_call_that_waits_takes_it_back_and_kills_nobody()
    {
        ProcessPoolExecutor pool = NewPool();
        Future<int> running = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Future<int> waiting = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Guest guest = WaitForGuest();

        waiting.Cancel();
        guest.Release(5);

        Assert.That(Outcome(running), Is.EqualTo(5));
        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.EqualTo(guest.ProcessId));
    }

    [Test]
    public void C09_a_call_that_ends_after_the_loop_closed_makes_no_call_to_it()
    {
        ProcessPoolExecutor pool = NewPool();
        Future<int> call = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Guest guest = WaitForGuest();
        Loop.Close();

        guest.Release(1);
        WaitFor(pool.ShutdownAsync());

        Assert.That(call.IsDone, Is.False);
    }

    [Test]
    public void B13_after_close_a_call_throws()
    {
        ProcessPoolExecutor pool = NewPool();
        Loop.Close();

        Assert.That(
            () => Loop.RunInExecutor(WorkerJobs.Square, 1, pool),
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("is closed"));
    }

    [Test]
    public void A_job_of_another_list_is_refused()
    {
        var others = new ProcessJobs();
        using var pool = new ProcessPoolExecutor(others);

        Assert.That(
            () => Loop.RunInExecutor(WorkerJobs.Square, 1, pool),
            Throws.ArgumentException.With.Message.Contains("'square'"));
    }

    [Test]
    public void A_worker_that_has_done_its_number_of_jobs_is_replaced()
    {
        ProcessPoolExecutor pool = NewPool(OneWorker with { JobsPerWorkerMax = 2 });

        int[] workers = [.. Enumerable.Range(0, 4).Select(_ => Call(pool, WorkerJobs.Pid, 0))];

        Assert.That(workers[1], Is.EqualTo(workers[0]));
        Assert.That(workers[2], Is.Not.EqualTo(workers[0]));
        Assert.That(workers[3], Is.EqualTo(workers[2]));
    }

    [Test]
    public void A_job_may_write_to_its_output_and_disturbs_nobody()
    {
        ProcessPoolExecutor pool = NewPool();

        Assert.That(Call(pool, WorkerJobs.Print, "printed"), Is.EqualTo("printed and no input"));
        Assert.That(Call(pool, WorkerJobs.Square, 2), Is.EqualTo(4));
    }

    [TestCase("")]
    [TestCase("square")]
    public void A_job_needs_a_name_of_its_own(string name)
    {
        var jobs = new ProcessJobs();
        var type = JsonSerializerOptions.Default.GetTypeInfo(typeof(int)) as
            System.Text.Json.Serialization.Metadata.JsonTypeInfo<int>;
        jobs.Add("square", static x => x, type!, type!);

        Assert.That(
            () => jobs.Add(name, static x => x, type!, type!), Throws.ArgumentException);
    }
}
