using Reactor;
using Reactor.Drivers;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>What <c>loadgen doctor</c> concludes from numbers, and that it ends in time.</summary>
public sealed class DoctorTests
{
    [Test]
    public void The_trusted_rate_leaves_half_of_the_clients_core()
    {
        Diagnosis diagnosis = Make();

        // 50,000 responses in 1 s of which the client worked 0.5 s: its core is full at 100,000/s.
        Assert.That(diagnosis.ClientRate, Is.EqualTo(100_000).Within(1e-6));
        Assert.That(diagnosis.TrustedRate, Is.EqualTo(50_000).Within(1e-6));
        Assert.That(
            diagnosis.Text(),
            Does.Contain("\n  64 connections  50000/s, 10.0us of CPU a request, 50.0% of its")
                .And.Contain("\n  Open-loop rates up to 50000/s: half of what")
                .And.Contain("\n  Service times below 25.00us are those of this program")
                .And.Contain("up to 12.00us of lateness (--idle hybrid, p99)."));
    }

    [Test]
    public void A_client_whose_cpu_time_is_not_known_is_taken_as_busy()
    {
        Diagnosis diagnosis = Make() with
        {
            Full = Result(50_000, TimeSpan.Zero, new LoadTimes()),
        };

        Assert.That(diagnosis.TrustedRate, Is.EqualTo(25_000));
    }

    [Test]
    public void A_machine_with_faults_is_told_so()
    {
        string text = (Make() with
        {
            Steal = 0.02,
            Machine = Machine() with { Cores = 1, Governor = "powersave" },
        }).Text();

        Assert.That(
            text,
            Does.Contain("The hypervisor took 2.0% of the CPU: repeat")
                .And.Contain("This machine has one core")
                .And.Contain("The frequency governor is 'powersave'"));
    }

    [Test]
    public void A_steal_of_exactly_the_limit_is_no_fault_and_a_value_that_is_unknown_says_so()
    {
        string text = (Make() with
        {
            Steal = Diagnosis.StealMax,
            Machine = Machine() with { Descriptors = null, Ports = null, Governor = null },
        }).Text();

        Assert.That(text, Does.Not.Contain("hypervisor took"));
        Assert.That(text, Does.Contain("descriptors  unknown\n").And.Contain("ports  unknown\n"));
    }

    [Test]
    public void The_timers_are_measured_on_the_loop_of_a_run()
    {
        EventLoopOptions doctor = DoctorCommand.LoopOptions();
        EventLoopOptions run = LoadLoop.Options("");
        using LoopDriver ofDoctor = doctor.Driver!;
        using LoopDriver ofRun = run.Driver!;

        Assert.That(ofDoctor.GetType(), Is.EqualTo(ofRun.GetType()));
        Assert.That(doctor.PollSkipsMax, Is.EqualTo(run.PollSkipsMax));
    }

    [TestCase("cpu  10 1 5 80 2 1 1 25 7 7\ncpu0 1 1 1 1 1 1 1 1 1 1\n", 125, 25)]
    [TestCase("cpu  10 1 5 80 2 1 1 0\n", 100, 0)]
    public void The_line_of_all_cores_gives_their_time_and_the_stolen_part(
        string text, long all, long steal) =>
        Assert.That(MachineFacts.ParseCpu(text), Is.EqualTo(new CpuTimes(all, steal)));

    [TestCase("")]
    [TestCase("cpu  10 1 5\n")]
    public void A_line_that_is_too_short_gives_nothing(string text) =>
        Assert.That(MachineFacts.ParseCpu(text), Is.Null);

    [Test]
    [Category("Slow")]
    public void The_program_ends_in_time_and_says_what_to_trust()
    {
        using ChildProcess doctor = ChildProcess.Start(
            BuiltPrograms.Find("loadgen", "loadgen"), "doctor");
        ChildOutcome end = doctor.Finish(TimeSpan.FromSeconds(20));

        Assert.That(end.ExitCode, Is.Zero, end.Errors);
        Assert.That(end.Output, Does.Contain("\nWhat to trust\n  Open-loop rates up to "));
        Assert.That(end.Errors, Does.Contain("loadgen: measuring the limit of this client"));
    }

    [Test]
    public void A_url_that_cannot_be_reached_is_exit_code_3()
    {
        using ChildProcess doctor = ChildProcess.Start(
            BuiltPrograms.Find("loadgen", "loadgen"), "doctor", "http://127.0.0.1:1/");
        ChildOutcome end = doctor.Finish();

        Assert.That(end.ExitCode, Is.EqualTo(3));
        Assert.That(end.Errors, Does.Contain("loadgen: cannot reach http://127.0.0.1:1/: "));
    }

    private static Diagnosis Make() => new()
    {
        Machine = Machine(),
        Steal = 0,
        Timers =
        [
            (IdleMode.Sleep, Times(60_000)),
            (IdleMode.Hybrid, Times(12_000)),
            (IdleMode.Spin, Times(1000)),
        ],
        Full = Result(50_000, TimeSpan.FromSeconds(0.5), new LoadTimes()),
        Single = Result(20_000, TimeSpan.FromSeconds(0.4), new LoadTimes
        {
            Service = new Distribution { Finished = Times(25_000) },
        }),
    };

    private static MachineFacts Machine() => new()
    {
        Cores = 2,
        CoreList = "0-1",
        Governor = "performance",
        Descriptors = 1024,
        Ports = (32_768, 60_999),
    };

    private static Histogram Times(long nanoseconds)
    {
        var times = new Histogram();
        times.Record(nanoseconds);
        return times;
    }

    private static LoadResult Result(long ok, TimeSpan cpuTime, LoadTimes times) => new()
    {
        Run = new RunDescription { Url = "http://127.0.0.1/" },
        Elapsed = TimeSpan.FromSeconds(1),
        Measured = new Tally { Scheduled = ok, Sent = ok, Ok = ok },
        WarmUp = new Tally(),
        Times = times,
        Rates = [],
        Client = new ClientHealth { CpuTime = cpuTime },
    };
}
