using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor;
using Reactor.Net;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Real;

/// <summary>
/// The same seed gives the same request bytes and instants, twice and on two threads. Instants are
/// those of the server on virtual time, where a send takes none; bytes are also those on the wire
/// of the program.
/// </summary>
public sealed class SameSeedTests
{
    private const string Request =
        "POST /x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello";

    private static readonly string[] s_words =
        ["-m", "POST", "-H", "Host: h", "-H", "X-A: 1", "-b", "hello"];

    [Test]
    public void The_same_seed_gives_the_same_bytes_and_instants_twice(
        [Values("uniform", "poisson", "burst:4")] string arrivals)
    {
        List<(TimeSpan At, string Bytes)> first = Simulate(PlanOf(arrivals, 11));
        List<(TimeSpan At, string Bytes)> second = Simulate(PlanOf(arrivals, 11));

        Assert.That(first, Has.Count.InRange(300, 500), "400 are asked for");
        Assert.That(first.Select(one => one.Bytes), Is.All.EqualTo(Request));
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Another_seed_gives_other_instants_and_the_same_bytes()
    {
        List<(TimeSpan At, string Bytes)> first = Simulate(PlanOf("poisson", 11));
        List<(TimeSpan At, string Bytes)> other = Simulate(PlanOf("poisson", 12));

        Assert.That(
            other.Select(one => one.At).Intersect(first.Select(one => one.At)).Count(),
            Is.LessThan(10));
        Assert.That(other.Select(one => one.Bytes), Is.All.EqualTo(Request));
    }

    [Test]
    public void The_instants_of_one_thread_are_those_of_the_shares_of_two(
        [Values("uniform", "poisson", "burst:4")] string arrivals)
    {
        LoadPlan plan = PlanOf(arrivals, 11);

        IEnumerable<TimeSpan> shares =
            Share(plan.Schedule!, 0).Concat(Share(plan.Schedule!, 1)).Order();

        Assert.That(Simulate(plan).Select(one => one.At), Is.EqualTo(shares));
    }

    [Test]
    public void The_program_sends_the_same_bytes_twice_and_on_two_threads()
    {
        string[] once = Capture("1");

        Assert.That(once, Has.Length.EqualTo(200).And.All.EqualTo(Request));
        Assert.That(Capture("1"), Is.EqualTo(once));
        Assert.That(Capture("2"), Is.EqualTo(once));
    }

    private static string[] Capture(string threads)
    {
        using var server = new FaultyServer(Request.Length, int.MaxValue, static _ => { });
        using var run = new LoadgenRun(
        [
            .. s_words, "-R", "1k", "-n", "200", "-c", "4", "-t", threads, "--seed", "11",
            "--arrivals", "poisson", "--quiet", $"http://127.0.0.1:{server.Port}/x",
        ]);
        LoadgenRun.End end = run.Finish();
        Assert.That(end.Measured("ok"), Is.EqualTo(200), end.Text);
        return server.Requests;
    }

    private static LoadPlan PlanOf(string arrivals, int seed) =>
        PlanWords.Read(
        [
            .. s_words, "-R", "400", "-d", "1s", "-w", "0s", "-c", "16", "--idle", "sleep",
            "--arrivals", arrivals, "--seed", $"{seed}", "http://127.0.0.1/x",
        ]);

    private static IEnumerable<TimeSpan> Share(Schedule schedule, int worker)
    {
        var arrivals = new ArrivalSequence(schedule, worker, workers: 2);
        for (; arrivals.HasNext; arrivals.Advance())
        {
            yield return arrivals.Next;
        }
    }

    // What the server reads and when, from the begin of the run.
    private static List<(TimeSpan At, string Bytes)> Simulate(LoadPlan plan)
    {
        using var world = new SimulatedLoop();
        var recorder = new Recorder();
        LoopServer server = world.Loop.CreateServer(recorder, [SimulatedLoop.AnyPort]);
        LoadResult? result = null;
        world.Run(async () =>
        {
            recorder.Begin = EventLoop.Current.Time;
            result = await new LoadRun(plan, server.EndPoints[0], new Promise<Unit>()).Run();
        });
        server.Close();
        server.AbortClients();
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.That(recorder.Requests, Has.Count.EqualTo(result!.Measured.Ok));
        return recorder.Requests;
    }

    /// <summary>Answers each request at once, and keeps its bytes and its instant.</summary>
    private sealed class Recorder : IConnectionHandler
    {
        private static readonly byte[] s_ok =
            Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        public TimeSpan Begin { get; set; }

        public List<(TimeSpan At, string Bytes)> Requests { get; } = [];

        public async Coroutine ServeAsync(Connection connection)
        {
            while (!connection.IsClosed)
            {
                if (!connection.Input.TryRead(out ReadResult read))
                {
                    await connection.WaitReadableAsync();
                    continue;
                }

                ReadOnlySequence<byte> bytes = read.Buffer;
                if (bytes.Length >= Request.Length)
                {
                    bytes = bytes.Slice(0, Request.Length);
                    Requests.Add((
                        EventLoop.Current.Time - Begin, Encoding.Latin1.GetString(bytes)));
                    connection.Input.AdvanceTo(bytes.End);
                    connection.Output.Write(s_ok);
                    await connection.FlushAsync();
                }
                else if (read.IsCompleted)
                {
                    break;
                }
                else
                {
                    connection.Input.AdvanceTo(bytes.Start, bytes.End);
                }
            }
        }
    }
}
