using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reactor;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// The load of this process against the reactor program, on real sockets and the real clock: ways
/// to wait, several threads, and what the process allocates.
/// </summary>
public sealed partial class RealLoadTests : IDisposable
{
    private readonly ChildProcess _server = ChildProcess.Start(
        BuiltPrograms.Find("server", "reactor"),
        "--listen", "http://127.0.0.1:0", "--log-level", "Error");

    private readonly string _folder = Directory.CreateTempSubdirectory("load").FullName;
    private readonly string _url;

    public RealLoadTests() => _url = Url().Match(_server.ReadLine()).Value + "/plaintext";

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Every_way_to_wait_and_number_of_threads_keeps_the_schedule(
        [Values("Hybrid", "Spin", "Sleep")] string idle, [Values(1, 2, 3)] int threads)
    {
        LoadPlan plan = PlanWords.Read(_url) with
        {
            Connections = 8,
            Threads = threads,
            Idle = Enum.Parse<IdleMode>(idle),
            WarmUp = TimeSpan.FromMilliseconds(200),
            Duration = TimeSpan.FromMilliseconds(500),
            Schedule = new Schedule(1000, [new Stage(TimeSpan.FromMilliseconds(700), 1000)]),
        };

        LoadResult result = Run(plan);

        Assert.That(result.Measured.Scheduled, Is.EqualTo(500));
        Assert.That(result.Measured.Ok, Is.EqualTo(500));
        Assert.That(result.WarmUp.Ok, Is.EqualTo(200));
        Assert.That(result.Times.Lateness.Count, Is.EqualTo(500));
        Assert.That(result.Times.Lateness.TooLow, Is.Zero, "no request leaves before its instant");
        Assert.That(result.Connects, Is.EqualTo(8));
        if (idle != "Hybrid") // which spins only if the kernel wakes it in time
        {
            Assert.That(
                result.Client.SpinTime > TimeSpan.Zero, Is.EqualTo(idle == "Spin"));
        }
    }

    [Test]
    public void An_exact_number_is_exact_on_several_threads()
    {
        LoadResult result = Run(PlanWords.Read(_url) with
        {
            Connections = 5,
            Threads = 3,
            WarmUp = TimeSpan.Zero,
            Duration = TimeSpan.FromMinutes(1),
            Count = 1000,
        });

        Assert.That(result.Measured.Scheduled, Is.EqualTo(1000));
        Assert.That(result.Measured.Ok, Is.EqualTo(1000));
        Assert.That(result.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void A_thread_that_does_not_start_ends_the_run()
    {
        LoadPlan plan = PlanWords.Read(_url) with
        {
            Connections = 2,
            Threads = 2,
            Duration = TimeSpan.FromMinutes(5),
        };
        long begin = Stopwatch.GetTimestamp();

        Assert.That(
            () => Run(plan, _ => throw new InvalidOperationException("no driver")),
            Throws.InvalidOperationException.With.Message.EqualTo("no driver"));
        Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    [TestCase("-p", "1")]
    [TestCase("-p", "16")]
    [TestCase("-R", "20000")]
    [TestCase("-R", "20000", "-p", "16")]
    [Category("Measured")]
    public void T11_the_whole_program_allocates_at_most_16_KiB_in_100_000_requests(
        params string[] load)
    {
        string file = Path.Combine(_folder, "run.json");

        // A process of its own: the threads of a test host allocate, too. The first code of a
        // method boxes, and on a busy machine is replaced at an unknown time: there is none.
        var start = new ProcessStartInfo(
            BuiltPrograms.Find("loadgen", "loadgen"),
            [.. load, "-c", "8", "-w", "3s", "-n", "100000", "-d", "60s", "-o", $"json={file}",
                _url]);
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using ChildProcess program = ChildProcess.Start(start);
        ChildOutcome run = program.Finish();

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        JsonNode client = JsonNode.Parse(File.ReadAllText(file))!["client"]!;
        Assert.That((long)client["allocatedBytes"]!, Is.LessThanOrEqualTo(16 * 1024));
        Assert.That((int)client["collections"]!, Is.Zero);
    }

    private static LoadResult Run(
        LoadPlan plan, Func<int, EventLoopOptions>? makeOptions = null) => EventLoop.Run(
        async () =>
        {
            EndPoint target = await new TargetSearch(plan).Find();
            return await new LoadRun(
                plan, target, new Promise<Unit>(), makeOptions: makeOptions).Run();
        },
        LoadLoop.Options(""));

    [GeneratedRegex(@"http://[\d.:]+\d")]
    private static partial Regex Url();
}
