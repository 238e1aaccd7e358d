using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The routes that hold the loop: by virtual time exactly, by the real clock within the issue's
/// bounds, 10 % for the worst route and 5 % for the sum.
/// </summary>
public class LoopThievesTests
{
    private const int Routes = 20;
    private const int Blocked = 13;
    private static readonly TimeSpan s_block = TimeSpan.FromMilliseconds(30);

    [Test]
    public void Of_twenty_routes_the_one_that_blocks_for_30_ms_is_first_and_the_sums_agree()
    {
        ServerFixture? server = null;
        LoopThieves? thieves = null;
        using ServerFixture made = server = new ServerFixture(app =>
        {
            thieves = app.Thieves;
            AddRoutes(app, time => server!.Driver.Advance(time));
        });
        HttpPeer[] peers = [.. Enumerable.Range(0, 5).Select(_ => server.ConnectNow())];
        EventLoopUtilization before = server.Loop.Utilization();
        var order = new Random(TestSeed.Next());
        for (int round = 0; round < 10; round++)
        {
            int[] routes = [.. Enumerable.Range(0, Routes)];
            order.Shuffle(routes);
            foreach (int route in routes)
            {
                peers[order.Next(peers.Length)].Send(Get($"/{route}/x"));
            }

            server.RunFor(5);
        }

        IReadOnlyList<RouteLoopTime> top = thieves!.Top(Routes);
        TimeSpan active = server.Loop.Utilization().Since(before).Active;
        Assert.That(
            (top[0].Method, top[0].Route, top[0].Requests, top[0].LoopTime, top[0].LongestStep),
            Is.EqualTo(("GET", $"/{Blocked}/{{name}}", 10L, 10 * s_block, s_block)));
        Assert.That(top, Has.Count.EqualTo(Routes));
        Assert.That(top.Sum(route => route.LoopTime.Ticks), Is.EqualTo(active.Ticks));
        Assert.That(thieves.Active, Is.EqualTo(active));
        Assert.That(top.Sum(route => route.Share), Is.EqualTo(1).Within(1e-9));
        Assert.That(top[0].Share, Is.EqualTo(top[0].LoopTime / active).Within(1e-9));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    [Category("Measured")]
    [NonParallelizable]
    public void By_the_real_clock_too(string driver)
    {
        LoopThieves? thieves = null;
        TimeSpan held = default; // what the blocking really took, which the machine may interrupt
        using var server = new RealServer(driver, app =>
        {
            thieves = app.Thieves;
            AddRoutes(app, Spin);
        });
        using var client = server.Connect();
        Ask(0); // begins the measuring

        // The machine may interrupt a request outside its spin: of several attempts one is exact.
        IReadOnlyList<RouteLoopTime> top = [];
        TimeSpan active = default;
        for (int attempt = 0; attempt < 5 && !IsExact(); attempt++)
        {
            Measure();
        }

        Assert.That(
            (top[0].Route, top[0].Requests), Is.EqualTo(($"/{Blocked}/{{name}}", 5L)));
        Assert.That(
            top[0].LoopTime.TotalMilliseconds,
            Is.EqualTo(held.TotalMilliseconds).Within(10).Percent);
        Assert.That(held, Is.GreaterThanOrEqualTo(5 * s_block));
        Assert.That(Sum(), Is.EqualTo(active.TotalMilliseconds).Within(5).Percent);

        double Sum() => top.Sum(route => route.LoopTime.TotalMilliseconds);

        bool IsExact() => top.Count > 0
            && Math.Abs((top[0].LoopTime / held) - 1) < 0.1
            && Math.Abs((Sum() / active.TotalMilliseconds) - 1) < 0.05;

        void Measure()
        {
            thieves!.Reset();
            held = default;
            EventLoopUtilization before = server.OnLoop(() => EventLoop.Current.Utilization());
            for (int round = 0; round < 5; round++)
            {
                for (int route = 0; route < Routes; route++)
                {
                    Ask(route);
                }
            }

            active = server.OnLoop(() => EventLoop.Current.Utilization()).Since(before).Active;
            top = thieves.Top(Routes);
        }

        void Ask(int route)
        {
            RealServer.Send(client, Get($"/{route}/x"));
            RealServer.Receive(client, 1);
        }

        void Spin(TimeSpan time)
        {
            long begin = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begin) < time)
            {
                Thread.SpinWait(10);
            }

            held += time == s_block ? Stopwatch.GetElapsedTime(begin) : default;
        }
    }

    [Test]
    public void Requests_without_a_route_and_methods_without_a_name_are_one_entry_each()
    {
        LoopThieves? thieves = null;
        using var server = new ServerFixture(app =>
        {
            thieves = app.Thieves;
            app.Router.AddRoute("*", "/any", _ => Handlers.Run(_ => Response.Text(""), null!));
        });
        for (int i = 0; i < 50; i++)
        {
            server.Ask(Get($"/none/{i}"));
            server.Ask($"METHOD{i} /any HTTP/1.1\r\nHost: test\r\n\r\n");
        }

        server.Ask("BAD\r\n\r\n");
        Assert.That(
            thieves!.Top(100).Select(one => (one.Method, one.Route, one.Requests)),
            Is.EquivalentTo(new (string, string?, long)[]
            {
                ("GET", null, 50), ("_OTHER", "/any", 50), ("_OTHER", null, 1),
            }));
    }

    [Test]
    public void Only_so_many_are_listed_and_a_reset_begins_anew()
    {
        ServerFixture? server = null;
        LoopThieves? thieves = null;
        using ServerFixture made = server = new ServerFixture(app =>
        {
            thieves = app.Thieves;
            AddRoutes(app, time => server!.Driver.Advance(time));
        });
        server.Ask(Get("/3/x"));
        server.Ask(Get("/4/x"));
        Assert.That(thieves!.Top(1), Has.Count.EqualTo(1));
        Assert.That(thieves.Top(0), Is.Empty);
        Assert.Throws<ArgumentOutOfRangeException>(() => thieves.Top(-1));

        thieves.Reset();
        Assert.That((thieves.Top(), thieves.Active), Is.EqualTo(
            (Array.Empty<RouteLoopTime>(), TimeSpan.Zero)));

        server.Ask(Get("/4/x"));
        RouteLoopTime one = thieves.Top().Single();
        Assert.That(
            (one.Requests, one.LoopTime, one.LongestStep),
            Is.EqualTo((1L, TimeSpan.FromMilliseconds(0.4), TimeSpan.FromMilliseconds(0.4))));
    }

    [Test]
    public void An_application_that_is_not_asked_measures_nothing_until_it_is()
    {
        ServerFixture? server = null;
        Application? application = null;
        using ServerFixture made = server = new ServerFixture(app =>
        {
            application = app;
            AddRoutes(app, time => server!.Driver.Advance(time));
        });
        server.Ask(Get("/3/x"));
        Assert.That(server.Loop.Costs, Is.Null);

        Assert.That(application!.Thieves.Top(), Is.Empty);
        server.Ask(Get("/4/x"));
        Assert.That(application.Thieves.Top().Single().Route, Is.EqualTo("/4/{name}"));
    }

    [Test]
    public void The_measuring_ends_with_the_server()
    {
        ServerFixture server;
        using (server = new ServerFixture(app => app.Thieves.Reset()))
        {
            server.Ask(Get("/"));
            Assert.That(server.Loop.Costs!.IsOn);
        }

        Assert.That(server.Loop.Costs!.IsOn, Is.False);
    }

    [Test]
    public void The_sums_continue_where_the_measuring_ends_and_begins_anew()
    {
        ServerFixture? server = null;
        LoopThieves? thieves = null;
        using ServerFixture made = server = new ServerFixture(app =>
        {
            thieves = app.Thieves;
            AddRoutes(app, time => server!.Driver.Advance(time));
        });
        server.Ask(Get($"/{Blocked}/x"));
        server.Http.Context.Observation.End();
        server.Ask(Get($"/{Blocked}/x"));

        RouteLoopTime one = thieves!.Top().Single();
        Assert.That((one.Requests, one.LoopTime), Is.EqualTo((2L, 2 * s_block)));
        Assert.That((thieves.Active, one.Share), Is.EqualTo((2 * s_block, 1.0)));
    }

    [Test]
    [NonParallelizable]
    public void What_was_measured_for_a_listener_before_is_not_in_the_sums()
    {
        ServerFixture? server = null;
        Application? application = null;
        using MetricCollector<double> listener = LoopTimeListener();
        using ServerFixture made = server = new ServerFixture(app =>
        {
            application = app;
            AddRoutes(app, time => server!.Driver.Advance(time));
        });
        server.Ask(Get($"/{Blocked}/x"));
        Assert.That(application!.Thieves.Top(), Is.Empty);
        server.Ask(Get($"/{Blocked}/x"));

        RouteLoopTime one = application.Thieves.Top().Single();
        Assert.That((one.Requests, one.LoopTime), Is.EqualTo((1L, s_block)));
        Assert.That((application.Thieves.Active, one.Share), Is.EqualTo((s_block, 1.0)));
    }

    [Test]
    [NonParallelizable]
    public void The_measuring_for_a_listener_ends_at_the_first_request_without_it()
    {
        using var server = new ServerFixture(app => app.OnGet("/", ""));
        using (LoopTimeListener())
        {
            server.Ask(Get("/"));
            Assert.That(server.Loop.Costs!.IsOn);
        }

        server.Ask(Get("/"));
        Assert.That(server.Loop.Costs!.IsOn, Is.False);
    }

    private static MetricCollector<double> LoopTimeListener() => new(
        null, HttpMetrics.MeterName, "reactor.http.server.request.loop_time");

    private static void AddRoutes(Application app, Action<TimeSpan> hold)
    {
        for (int i = 0; i < Routes; i++)
        {
            TimeSpan time = i == Blocked ? s_block : TimeSpan.FromMilliseconds(0.1 * i);
            app.Get($"/{i}/{{name}}", async _ =>
            {
                await EventLoop.Yield();
                hold(time);
                return Response.Text("held");
            });
        }
    }
}
