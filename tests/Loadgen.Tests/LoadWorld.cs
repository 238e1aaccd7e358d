using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Reactor;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// A load run against a small server, both on one simulated loop: a turn takes no time and a delay
/// takes exactly as long as it says, so every sample is known beforehand.
/// </summary>
internal sealed class LoadWorld : IConnectionHandler, IDisposable
{
    private readonly Func<Exchange, Coroutine> _answer;
    private LoopServer _server;
    private int _requests;

    /// <param name="answer">
    /// Answers one request; requests of one connection come one by one.
    /// </param>
    /// <param name="options">The network.</param>
    public LoadWorld(Func<Exchange, Coroutine> answer, InMemoryOptions? options = null)
    {
        _answer = answer;
        World = new SimulatedLoop(options);
        _server = World.Loop.CreateServer(this, [SimulatedLoop.AnyPort]);
    }

    public SimulatedLoop World { get; }

    public Promise<Unit>? Interruption { get; private set; }

    /// <summary>When requests arrived at the server.</summary>
    public List<TimeSpan> Arrivals { get; } = [];

    /// <summary>Connections that the server serves now.</summary>
    public int Connections { get; private set; }

    /// <summary>When connections ended, as the server saw it.</summary>
    public List<(TimeSpan When, CloseReason Why)> Ends { get; } = [];

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>A plan with one connection, no warm-up, and what the test changes.</summary>
    public static LoadPlan Plan(double durationMs, Func<LoadPlan, LoadPlan>? change = null)
    {
        LoadPlan plan = PlanWords.Read("http://127.0.0.1/x") with
        {
            Connections = 1,
            WarmUp = TimeSpan.Zero,
            Duration = Ms(durationMs),
            Idle = IdleMode.Sleep, // spinning takes no virtual time, so it would never end
        };
        return change?.Invoke(plan) ?? plan;
    }

    /// <summary>A plan of an open loop with a constant rate.</summary>
    public static LoadPlan OpenPlan(
        double rate, double durationMs, Func<LoadPlan, LoadPlan>? change = null)
    {
        LoadPlan plan = Plan(durationMs, plan => change?.Invoke(plan) ?? plan);
        return plan with
        {
            Schedule = plan.Schedule
                ?? new Schedule(rate, [new Stage(plan.WarmUp + plan.Duration, rate)]),
        };
    }

    /// <summary>Runs to the end of the drain; the books are looked at in every test.</summary>
    public LoadResult Run(LoadPlan plan, Action<LoadWorld>? begin = null)
    {
        LoadResult? result = null;
        World.Run(async () =>
        {
            Interruption = new Promise<Unit>();
            EndPoint target = _server.EndPoints[0];
            begin?.Invoke(this);
            result = await new LoadRun(plan, target, Interruption).Run();
        });
        Assert.That(result!.Measured.Open, Is.Zero, "the measured requests add up");
        Assert.That(result.WarmUp.Open, Is.Zero, "the requests of the warm-up add up");
        Assert.That(
            result.Times.Service.Finished.Count,
            Is.EqualTo(result.Measured.Completed),
            "one sample for each response");
        AssertIntervals(result);
        return result;
    }

    private static void AssertIntervals(LoadResult result)
    {
        Assert.That(result.Intervals.Sum(one => one.Scheduled),
            Is.EqualTo(result.Measured.Scheduled));
        Assert.That(result.Intervals.Sum(one => one.Response.Count),
            Is.EqualTo(result.Times.Response.Finished.Count));
        Assert.That(result.Intervals.Sum(one => one.Service.Count),
            Is.EqualTo(result.Times.Service.Finished.Count));
        Assert.That(result.Intervals.Sum(one => one.Failed),
            Is.EqualTo(result.Measured.Scheduled - result.Measured.Ok));
        Assert.That(result.Statuses.Values.Sum(), Is.EqualTo(result.Measured.Completed));
    }

    /// <summary>Stops listening: later connects are refused. Returns the address.</summary>
    public EndPoint StopListening()
    {
        EndPoint target = _server.EndPoints[0];
        _server.Close();
        return target;
    }

    /// <summary>Listens again, at the address of before.</summary>
    public void Listen(EndPoint target) => _server = World.Loop.CreateServer(this, [target]);

    public async Coroutine ServeAsync(Connection connection)
    {
        Connections++;
        while (!connection.IsClosed)
        {
            if (!connection.Input.TryRead(out ReadResult read))
            {
                await connection.WaitReadableAsync();
                continue;
            }

            string text = Encoding.ASCII.GetString(read.Buffer);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                connection.Input.AdvanceTo(read.Buffer.GetPosition(end + 4));
                Arrivals.Add(World.Loop.Time);
                await _answer(new Exchange(connection, _requests++));
            }
            else if (read.IsCompleted)
            {
                break;
            }
            else
            {
                connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }

        Connections--;
        Ends.Add((World.Loop.Time, connection.CloseReason));
    }

    public void Dispose()
    {
        _server.Close();
        _server.AbortClients();
        World.RunFor(TimeSpan.FromMinutes(1)); // what still answers somebody comes to its end
        World.Dispose();
    }

    /// <summary>One request at the server.</summary>
    /// <param name="Connection">Where it came from.</param>
    /// <param name="Number">How many came before it, over all connections.</param>
    internal sealed record Exchange(Connection Connection, int Number)
    {
        public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

        public async Coroutine SendAsync(string text = Ok)
        {
            if (!Connection.IsClosed)
            {
                Connection.Output.Write(Encoding.ASCII.GetBytes(text));
                await Connection.FlushAsync();
            }
        }

        public async Coroutine SendAfter(double milliseconds, string text = Ok)
        {
            await EventLoop.Delay(Ms(milliseconds));
            await SendAsync(text);
        }
    }
}
