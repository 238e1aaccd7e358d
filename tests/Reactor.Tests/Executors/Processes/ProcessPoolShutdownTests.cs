using Reactor.TestWorker;

namespace Reactor.Tests.Dangers;

/// <summary>
/// The end of a pool (statement C11): what runs still ends, or is killed; no process is left, not
/// even one that cannot end by itself.
/// </summary>
public sealed class ProcessPoolShutdownTests : ProcessPoolFixture
{
    [Test]
    public void C11_after_shutdown_a_call_throws_and_what_was_submitted_still_runs()
    {
        ProcessPoolExecutor pool = NewPool();
        Future<int> running = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Future<int> waiting = Loop.RunInExecutor(WorkerJobs.Square, 6, pool);
        Guest guest = WaitForGuest();

        pool.Shutdown();
        pool.Shutdown();
        Task ended = pool.ShutdownAsync();

        Assert.That(
            () => Loop.RunInExecutor(WorkerJobs.Square, 7, pool),
            Throws.InvalidOperationException.With.Message.Contains(
                "Executor shutdown has been called"));
        Assert.That(ended.IsCompleted, Is.False);
        guest.Release(1);
        Assert.That((Outcome(running), Outcome(waiting)), Is.EqualTo((1, 36)));
        WaitFor(ended);
        Assert.That(Children(), Is.Empty);
    }

    [Test]
    public void A_pool_that_was_never_used_ends_at_once()
    {
        ProcessPoolExecutor pool = NewPool();

        Assert.That(pool.ShutdownAsync().IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void A_worker_that_hangs_at_its_end_is_killed_after_the_timeout()
    {
        ProcessPoolExecutor pool = NewPool(
            OneWorker with { ShutdownTimeout = TimeSpan.FromSeconds(1) });
        Call(pool, WorkerJobs.LeaveThread, GatePort);
        Guest guest = WaitForGuest();

        WaitFor(pool.ShutdownAsync());

        guest.WaitUntilGone();
        Assert.That(Children(), Is.Empty);
    }

    [Test]
    public void Dispose_kills_what_runs_and_drops_what_waits()
    {
        ProcessPoolExecutor pool = NewPool(OneWorker with
        {
            ShutdownTimeout = TimeSpan.FromHours(1), // so a polite end would hang
        });
        Future<int> running = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Future<int> waiting = Loop.RunInExecutor(WorkerJobs.Square, 6, pool);
        Guest guest = WaitForGuest();

        pool.Dispose();
        pool.Dispose();

        Assert.That(Children(), Is.Empty);
        guest.WaitUntilGone();
        Assert.That(() => Outcome(running), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => Outcome(waiting), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Dispose_kills_what_is_just_starting()
    {
        ProcessPoolExecutor pool = NewPool(OneWorker with
        {
            Command = [WorkerProgram, "silence"],
            ShutdownTimeout = TimeSpan.FromHours(1),
        });
        Future<int> call = Loop.RunInExecutor(WorkerJobs.Square, 6, pool);

        pool.Dispose();

        Assert.That(() => Outcome(call), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(Children(), Is.Empty);
    }

    [Test]
    public void DisposeAsync_does_not_block_the_loop_and_leaves_no_process()
    {
        ProcessPoolExecutor pool = NewPool();
        Call(pool, WorkerJobs.Square, 1);

        Loop.RunUntilComplete(Main());

        Assert.That(Children(), Is.Empty);

        async Coroutine Main() => await pool.DisposeAsync();
    }
}
