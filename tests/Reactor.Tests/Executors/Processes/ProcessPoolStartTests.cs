using Reactor.TestWorker;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Programs that are no workers, each in its own way: the pool says what to do, soon, and does not
/// start them for ever.
/// </summary>
public sealed class ProcessPoolStartTests : ProcessPoolFixture
{
    [Test]
    public void The_program_of_a_test_host_is_no_worker_and_the_error_says_what_to_do()
    {
        using var pool = new ProcessPoolExecutor(WorkerJobs.All);

        AssertBroken(pool, "RunWorker", "ProcessPoolOptions.Command");
    }

    [Test]
    public void A_program_that_writes_something_of_its_own_is_found_at_once() => AssertBroken(
        NewPool(OneWorker with { Command = [WorkerProgram, "chatter"] }),
        "chatter", "wrote something of its own", "RunWorker", "ProcessPoolOptions.Command");

    [Test]
    public void A_program_that_says_nothing_is_given_up_in_time() => AssertBroken(
        NewPool(OneWorker with
        {
            Command = [WorkerProgram, "silence"],
            StartTimeout = TimeSpan.FromSeconds(1),
        }),
        "silence", "within 1 s", "RunWorker");

    [Test]
    public void A_program_that_ends_again_and_again_breaks_the_pool() => AssertBroken(
        NewPool(OneWorker with { Command = [WorkerProgram, "exit"] }),
        "ended with exit code 7", "3 in a row", "RunWorker");

    [Test]
    public void A_program_that_does_not_exist_breaks_the_pool() => AssertBroken(
        NewPool(OneWorker with { Command = ["/no/such/program"] }),
        "/no/such/program", "cannot be started");

    [Test]
    public void A_program_that_forgets_the_entry_and_makes_a_pool_starts_no_others() =>
        AssertBroken(
            NewPool(OneWorker with { Command = [WorkerProgram, "forget"] }),
            "SIGABRT", "before it said that it is a worker");

    [Test]
    public void A_start_that_fails_once_is_tried_again_for_the_same_call()
    {
        string mark = Path.Combine(
            TestContext.CurrentContext.WorkDirectory, $"started-{Guid.NewGuid()}");
        try
        {
            ProcessPoolExecutor pool = NewPool(
                OneWorker with { Command = [WorkerProgram, "exit-once", mark] });

            Assert.That(Call(pool, WorkerJobs.Square, 5), Is.EqualTo(25));
            Assert.That(File.Exists(mark), Is.True, "it did fail once");
        }
        finally
        {
            File.Delete(mark);
        }
    }

    [Test]
    public void Every_call_to_a_broken_pool_fails()
    {
        ProcessPoolExecutor pool = NewPool(OneWorker with { Command = [WorkerProgram, "exit"] });

        Future<int>[] calls = [.. Enumerable.Range(0, 3).Select(
            i => Loop.RunInExecutor(WorkerJobs.Square, i, pool))];

        foreach (Future<int> call in calls)
        {
            Assert.That(() => Outcome(call), Throws.TypeOf<BrokenProcessPoolException>());
        }

        Assert.That(
            () => Loop.RunInExecutor(WorkerJobs.Square, 1, pool),
            Throws.TypeOf<BrokenProcessPoolException>());
    }

    [TestCase(0, 1, 1)]
    [TestCase(1, 0, 1)]
    [TestCase(1, 1, 0)]
    public void A_pool_without_room_is_refused(int workers, int pending, int bytes) => Assert.That(
        () => new ProcessPoolExecutor(WorkerJobs.All, new ProcessPoolOptions
        {
            Workers = workers,
            PendingMax = pending,
            MessageBytesMax = bytes,
        }),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_process_that_is_no_worker_goes_on_in_its_main() =>
        Assert.That(ProcessPoolExecutor.RunWorker(WorkerJobs.All), Is.False);

    private void AssertBroken(ProcessPoolExecutor pool, params string[] words)
    {
        var error = Assert.Throws<BrokenProcessPoolException>(
            () => Call(pool, WorkerJobs.Square, 1));
        Assert.Multiple(() =>
        {
            foreach (string word in words)
            {
                Assert.That(error!.Message, Does.Contain(word));
            }
        });
    }
}
