using Reactor.Testing;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// A login session that expires after 30 idle minutes: a thousand such tests take two seconds, open
/// no socket, and have one outcome.
/// </summary>
[NonParallelizable]
public sealed class SessionTests
{
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Test]
    public void A_session_expires_after_exactly_30_idle_minutes()
    {
        using var server = new TestServer(Sessions());
        TestClient client = server.CreateClient();
        Assert.That(client.Get("/me?session=0").Status, Is.EqualTo(403));
        string id = client.Get("/login?user=ann").Text;
        client.Advance(s_life);
        Assert.That(client.Get($"/me?session={id}").Text, Is.EqualTo("ann"));
        client.Advance(s_life + s_tick);
        Assert.That(client.Get($"/me?session={id}").Status, Is.EqualTo(403));
    }

    /// <summary>
    /// Measured after one round, because the first test compiles the code, and as time of the
    /// processor, because other processes may share it.
    /// </summary>
    [Test]
    public void A_thousand_tests_take_at_most_two_seconds_and_open_no_socket()
    {
        RunMany(100);
        string[] before = OpenSockets();
        TimeSpan begin = ThreadClock.Now;
        RunMany(1000);
        TimeSpan time = ThreadClock.Now - begin;
        TestContext.Out.WriteLine($"{time.TotalMilliseconds} ms");
        Assert.That(time, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(OpenSockets(), Is.EqualTo(before));
    }

    [Test]
    public void A_thousand_runs_have_one_outcome()
    {
        int first = OutcomeOf(Simulation.FaultPlan.Rough);
        for (int i = 1; i < 1000; i++)
        {
            Assert.That(OutcomeOf(Simulation.FaultPlan.Rough), Is.EqualTo(first), $"run {i}");
        }
    }

    private static void RunMany(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using var server = new TestServer(Sessions());
            TestClient client = server.CreateClient();
            string id = client.Get("/login?user=ann").Text;
            client.Advance(s_life + s_tick);
            Assert.That(client.Get($"/me?session={id}").Status, Is.EqualTo(403));
        }
    }

    // Status codes, content, virtual times, and every event of the network.
    private static int OutcomeOf(Simulation.FaultPlan faults)
    {
        var hash = new HashCode();
        var options = new TestServerOptions
        {
            Seed = 4711,
            Faults = faults,
            Trace = trace => hash.Add(trace),
        };
        using (var server = new TestServer(Sessions(), options))
        {
            TestClient client = server.CreateClient();
            foreach (string url in new[] { "/login?user=ann", "/me?session=0", "/me?session=0" })
            {
                hash.Add(client.Get(url).ToString());
                hash.Add(server.Time);
                client.Advance(s_life);
            }
        }

        return hash.ToHashCode();
    }

    private static string[] OpenSockets() => !OperatingSystem.IsLinux() ? [] :
    [
        .. Directory.GetFiles("/proc/self/fd")
            .Select(static path => new FileInfo(path).LinkTarget)
            .OfType<string>()
            .Where(static target => target.StartsWith("socket:", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    // Sessions in memory, by their number; each use extends the life.
    private static Application Sessions()
    {
        var sessions = new Dictionary<string, (string User, TimeSpan Until)>();
        var app = new Application();
        app.Get("/login", async request =>
        {
            await EventLoop.Yield();
            string id = $"{sessions.Count}";
            sessions[id] = (request.Query["user"]!, EventLoop.Current.Time + s_life);
            return Response.Text(id);
        });
        app.Get("/me", async request =>
        {
            await EventLoop.Yield();
            if (!sessions.TryGetValue(
                    request.Query["session"]!, out (string User, TimeSpan Until) session)
                || session.Until < EventLoop.Current.Time)
            {
                return new Response(403);
            }

            sessions[request.Query["session"]!] =
                session with { Until = EventLoop.Current.Time + s_life };
            return Response.Text(session.User);
        });
        return app;
    }
}
