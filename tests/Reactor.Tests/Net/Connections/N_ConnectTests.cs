using System.Net;
using System.Net.Sockets;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement N22: a connect tries each address, the error has all causes, and an attempt that is
/// not the result leaves no socket; with the head start of RFC 8305, to the tick.
/// </summary>
public sealed class N_ConnectTests
{
    private static readonly IPEndPoint s_silent = new(IPAddress.Parse("192.0.2.1"), 80);
    private static readonly IPEndPoint s_refusing = new(IPAddress.Parse("192.0.2.2"), 80);
    private static readonly IPEndPoint s_silent6 = new(IPAddress.Parse("2001:db8::1"), 80);
    private static readonly IPEndPoint s_refusing6 = new(IPAddress.Parse("2001:db8::2"), 80);
    private static readonly FaultPlan s_plan =
        new() { SilentAddresses = [s_silent.Address, s_silent6.Address] };

    [Test]
    public void N22_if_all_addresses_fail_the_error_has_each_cause_in_the_order_of_the_attempts()
    {
        using var served = Serve();
        ConnectException error = Fail(
            served, new(), s_refusing, s_silent, s_refusing6, s_silent6);

        Assert.That(error.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused), "the first");
        Assert.That(
            error.Causes.Cast<SocketException>().Select(cause => cause.SocketErrorCode),
            Is.EqualTo([
                SocketError.ConnectionRefused, SocketError.ConnectionRefused, SocketError.TimedOut,
                SocketError.TimedOut]));
        Assert.That(error.Causes[0].Message, Does.StartWith($"{s_refusing}: "));
        Assert.That(error.Causes[1].Message, Does.StartWith($"{s_refusing6}: "), "in turn");
        Assert.That(error.Causes[2].Message, Does.StartWith($"{s_silent}: "));
        Assert.That(error.Causes[3].Message, Does.StartWith($"{s_silent6}: "));
        Assert.That(error.Message, Does.Contain("4 addresses").And.Contain($"{s_silent6}: "));
        Assert.That(served.World.Driver.OpenSockets, Is.Zero);
    }

    [Test]
    public void N22_without_interleaving_the_order_is_the_one_given()
    {
        using var served = Serve();
        ConnectException error = Fail(
            served, new() { InterleaveFamilies = false }, s_refusing, s_refusing, s_refusing6);

        Assert.That(error.Causes[1].Message, Does.StartWith($"{s_refusing}: "));
        Assert.That(error.Causes[2].Message, Does.StartWith($"{s_refusing6}: "));
    }

    [Test]
    public void N22_after_a_refusal_the_next_address_is_tried_at_once()
    {
        using var served = Serve();
        Assert.That(TimeToOpen(served, new(), s_refusing), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void N22_an_address_that_does_not_answer_has_a_head_start_of_250_ms()
    {
        using var served = Serve();
        Assert.That(
            TimeToOpen(served, new(), s_silent), Is.EqualTo(TimeSpan.FromMilliseconds(250)));
        Assert.That(
            TimeToOpen(served, new(), s_silent, s_silent),
            Is.EqualTo(TimeSpan.FromMilliseconds(500)));
    }

    [Test]
    public void N22_without_a_head_start_one_comes_after_the_other()
    {
        using var served = Serve();

        // 1, 2, 4 … 32 s: six repeats of the request to connect.
        Assert.That(
            TimeToOpen(served, new() { HappyEyeballsDelay = null }, s_silent),
            Is.EqualTo(TimeSpan.FromSeconds(63)));
    }

    [TestCase(249)]
    [TestCase(251)]
    [TestCase(400)]
    public void N22_the_first_to_answer_wins_and_the_others_leave_no_socket(int underWayMs)
    {
        using var served = Serve();
        EndPoint address = served.Server.EndPoints[0];
        served.World.Driver.Faults = new()
        {
            DelayMin = TimeSpan.FromMilliseconds(underWayMs),
            DelayMax = TimeSpan.FromMilliseconds(underWayMs),
        };
        served.World.Run(async () =>
        {
            TimeSpan start = served.World.Loop.Time;
            Connection winner = await Connection.OpenAsync([address, address]);
            Assert.That(
                served.World.Loop.Time - start,
                Is.EqualTo(TimeSpan.FromMilliseconds(underWayMs)));
            Assert.That(served.World.Driver.OpenSockets, Is.LessThanOrEqualTo(2), "both its ends");
            winner.Abort();
        });
        served.World.RunFor(TimeSpan.FromSeconds(5));

        Assert.That(served.World.Driver.OpenSockets, Is.Zero);
    }

    [Test]
    public void N22_cancelling_at_any_moment_closes_every_attempt()
    {
        using var served = Serve();
        EndPoint address = served.Server.EndPoints[0];
        served.World.Driver.Faults = s_plan with
        {
            DelayMin = TimeSpan.FromMilliseconds(100),
            DelayMax = TimeSpan.FromMilliseconds(100),
        };
        foreach (int ms in (int[])[0, 50, 100, 249, 250, 251, 349, 350, 351])
        {
            for (int turns = 0; turns < 4; turns++)
            {
                LoopTask<Connection> open = served.World.Loop.CreateTask(
                    Connection.OpenAsync([s_silent, address, address]));
                served.World.RunFor(TimeSpan.FromMilliseconds(ms));
                for (int i = 0; i < turns; i++)
                {
                    served.World.Loop.RunBriefly();
                }

                bool isOpen = open.IsDone;
                open.Cancel();
                served.World.Settle();
                Assert.That(open.IsDone, $"after {ms} ms and {turns} turns");
                if (isOpen)
                {
                    open.Result.Abort();
                }

                served.World.RunFor(TimeSpan.FromSeconds(1));
                Assert.That(
                    served.World.Driver.OpenSockets, Is.Zero, $"after {ms} ms and {turns} turns");
            }
        }
    }

    [Test]
    public void N22_the_address_of_this_end_can_be_chosen()
    {
        EndPoint? seen = null;
        using var served = new ServedLoop(connection =>
        {
            seen = connection.RemoteEndPoint;
            return ServedLoop.Echo(connection);
        });
        served.World.Run(async () =>
        {
            await using Connection connection = await Connection.OpenAsync(
                "127.0.0.1",
                ((IPEndPoint)served.Server.EndPoints[0]).Port,
                new() { LocalEndPoint = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0) });
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            Assert.That(seen, Is.EqualTo(connection.LocalEndPoint));
        });

        Assert.That(((IPEndPoint)seen!).Address, Is.EqualTo(IPAddress.Parse("127.0.0.9")));
    }

    private static ServedLoop Serve() =>
        new(ServedLoop.Echo, new InMemoryOptions { Faults = s_plan });

    private static ConnectException Fail(
        ServedLoop served, ConnectOptions options, params EndPoint[] endPoints) =>
        Assert.Throws<ConnectException>(() => served.World.Run(
            async () => await Connection.OpenAsync(endPoints, options)))!;

    /// <summary>How long it takes if the server's address comes after the ones given.</summary>
    private static TimeSpan TimeToOpen(
        ServedLoop served, ConnectOptions options, params EndPoint[] before)
    {
        TimeSpan start = served.World.Loop.Time;
        TimeSpan took = TimeSpan.Zero;
        served.World.Run(async () =>
        {
            Connection connection =
                await Connection.OpenAsync([.. before, served.Server.EndPoints[0]], options);
            took = served.World.Loop.Time - start;
            connection.Abort();
        });
        served.World.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.That(served.World.Driver.OpenSockets, Is.Zero);
        return took;
    }
}
