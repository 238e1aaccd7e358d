using System.Globalization;
using Reactor.Testing;
using Reactor.TestWorker;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Processes that die: a worker in the middle of a call, a worker that had nothing to do, a hundred
/// of them, and the pool's own process with SIGKILL.
/// </summary>
public sealed class ProcessPoolKillTests : ProcessPoolFixture
{
    [Test]
    public void A_worker_killed_in_mid_call_fails_that_call_and_is_replaced()
    {
        ProcessPoolExecutor pool = NewPool();
        Future<int> call = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
        Future<int> next = Loop.RunInExecutor(WorkerJobs.Pid, 0, pool);
        Guest guest = WaitForGuest();

        guest.Kill();

        var error = Assert.Throws<WorkerDiedException>(() => Outcome(call));
        Assert.That(error!.Message, Does.Contain("'wait-at-gate'").And.Contain("SIGKILL")
            .And.Contain("137"));
        Assert.That(
            (error.JobName, error.ProcessId, error.ExitCode),
            Is.EqualTo(("wait-at-gate", guest.ProcessId, 137)));
        Assert.That(Outcome(next), Is.Not.EqualTo(guest.ProcessId));
    }

    [Test]
    public void A_job_that_exits_fails_its_call_with_the_exit_code()
    {
        ProcessPoolExecutor pool = NewPool();

        var error = Assert.Throws<WorkerDiedException>(() => Call(pool, WorkerJobs.Exit, 3));

        Assert.That(error!.ExitCode, Is.EqualTo(3));
        Assert.That(error.Message, Does.Contain("exit code 3").And.Contain("'exit'"));
        Assert.That(Call(pool, WorkerJobs.Square, 3), Is.EqualTo(9));
    }

    [Test]
    public void A_worker_killed_while_idle_is_replaced_unnoticed()
    {
        ProcessPoolExecutor pool = NewPool();
        int worker = Call(pool, WorkerJobs.Pid, 0);

        Kill(worker);

        Assert.That(
            () => Children().Any(child => child.Id == worker), Is.False.After(10_000, 5),
            "it is reaped though nobody talks to it");
        Assert.That(Call(pool, WorkerJobs.Pid, 0), Is.Not.EqualTo(worker));
    }

    [Test]
    public void A_death_is_seen_though_a_program_that_the_job_started_lives()
    {
        ProcessPoolExecutor pool = NewPool();
        int program = Call(pool, WorkerJobs.LeaveProgram, 300);
        try
        {
            Future<int> call = Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
            WaitForGuest().Kill();

            // It would hang here if the program had inherited the worker's end of a pipe.
            Assert.That(() => Outcome(call), Throws.TypeOf<WorkerDiedException>());
        }
        finally
        {
            Kill(program);
        }
    }

    [Test]
    [Category("Slow")]
    public void A_hundred_workers_killed_in_mid_call_leave_no_zombie()
    {
        const int Lanes = 2;
        const int KillsPerLane = 50;
        ProcessPoolExecutor pool = NewPool(new ProcessPoolOptions { Workers = Lanes });
        Exception? failure = null; // thrown on the thread, it would end the process
        var killer = new Thread(() =>
        {
            try
            {
                for (int i = 0; i < Lanes * KillsPerLane; i++)
                {
                    WaitForGuest().Kill();
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        })
        {
            IsBackground = true,
        };
        killer.Start();

        // A hundred starts: a tenth of a second of processor time each, on a machine that may be
        // busy with others.
        int[] died = Outcome(
            EventLoop.WhenAll(
                [.. Enumerable.Range(0, Lanes).Select(_ => Loop.CreateTask(Lane()))]),
            TimeSpan.FromSeconds(150));
        killer.Join();

        Assert.That(failure, Is.Null);
        Assert.That(died, Is.All.EqualTo(KillsPerLane));
        Assert.That(Children().Where(child => child.State == 'Z'), Is.Empty);
        Assert.That(Children(), Is.Empty, "workers are started at the next call");
        Assert.That(Call(pool, WorkerJobs.Square, 4), Is.EqualTo(16));

        async Coroutine<int> Lane()
        {
            int deaths = 0;
            for (int i = 0; i < KillsPerLane; i++)
            {
                try
                {
                    await Loop.RunInExecutor(WorkerJobs.WaitAtGate, GatePort, pool);
                }
                catch (WorkerDiedException)
                {
                    deaths++;
                }
            }

            return deaths;
        }
    }

    [TestCase("busy-parent", false)]
    [TestCase("busy-parent", true)]
    [TestCase("idle-parent", false)]
    public void The_workers_of_a_killed_parent_go_too(string role, bool byRuntime)
    {
        // Busy ones compute without end. Idle ones cannot end by themselves. The parent starts its
        // own program as its worker: as an executable, and as `dotnet app.dll`.
        string[] command = byRuntime ? ["dotnet", WorkerProgram + ".dll"] : [WorkerProgram];
        using ChildProcess parent = ChildProcess.Start(
            command[0],
            [.. command[1..], role, GatePort.ToString(CultureInfo.InvariantCulture)]);
        Guest one = WaitForGuest();
        Guest two = WaitForGuest();
        Assert.That(one.ProcessId, Is.Not.EqualTo(two.ProcessId));

        parent.Kill();

        one.WaitUntilGone();
        two.WaitUntilGone();
    }
}
