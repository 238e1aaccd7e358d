using System.Net;
using System.Text.Json.Nodes;
using Reactor;
using Reactor.Inspector;

namespace Inspector.Tests.Server;

/// <summary>What the page of a running loop receives, and how it records.</summary>
[TestFixture]
public sealed class LiveTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(5);

    [Test]
    public void The_state_has_turns_tasks_timers_and_the_wait_of_each_task()
    {
        using var world = new InspectedLoop(loop =>
        {
            loop.CreateTask(Tick(), "ticker");
            loop.CallLater(TimeSpan.FromHours(1), () => { });
        });
        JsonObject state = world.WaitForState(
            one => (long)one["turn"]!["number"]! > 3 && (int)one["tasks"]!["count"]! == 1
                && ((JsonArray)one["tasks"]!["groups"]!).Any(
                    group => (string)group!["state"]! == "waiting"));
        JsonNode group = state["tasks"]!["groups"]![0]!;
        Assert.That((string)group["example"]!, Does.Contain("ticker"));
        Assert.That((string)group["what"]!, Does.Contain("Delay"));
        Assert.That((string)group["place"]!, Does.StartWith("LiveTests.cs:"));
        Assert.That((string)state["mode"]!, Is.EqualTo("live"));
        world.WaitForState(one => (int)one["timers"]!["count"]! >= 1);
    }

    [Test]
    public void An_inspector_that_is_opened_late_knows_the_tasks_that_were_there()
    {
        using var world = new InspectedLoop(loop => loop.CreateTask(Tick(), "ticker"));
        world.WaitForState(state => (int)state["tasks"]!["count"]! == 1);
        using LoopInspectorServer late = world.Loop.OpenInspector();
        using var client = new InspectorClient(late.Port, late.Host.Guard.Token);
        Assert.That(
            SpinWait.SpinUntil(
                () => (int)client.GetJson("/api/live?since=-1")["tasks"]!["count"]! == 1,
                InspectedLoop.Hung));
    }

    [Test]
    public void A_newer_state_is_waited_for_and_states_come_at_most_four_times_a_second()
    {
        using var world = new InspectedLoop(loop => loop.CreateTask(Tick(), "ticker"));
        long version = (long)world.Client.GetJson("/api/live?since=0")["version"]!;
        long begin = Environment.TickCount64;
        for (int i = 0; i < 3; i++)
        {
            long next = (long)world.Client.GetJson($"/api/live?since={version}")["version"]!;
            Assert.That(next, Is.GreaterThan(version));
            version = next;
        }

        // Three states are two whole distances of 250 ms; the clock of the system is coarse.
        Assert.That(Environment.TickCount64 - begin, Is.GreaterThan(480));
    }

    [Test]
    public void The_await_tree_has_lines_and_names_cycles()
    {
        using var world = new InspectedLoop(loop =>
        {
            LoopTask? first = null;
            LoopTask second = loop.CreateTask(AwaitLater(() => first!), "bob");
            first = loop.CreateTask(AwaitLater(() => second), "alice");
        });
        JsonObject? tree = null;
        Assert.That(
            SpinWait.SpinUntil(
                () => ((JsonArray)(tree = world.Client.GetJson("/api/tree"))["cycles"]!).Count == 1,
                InspectedLoop.Hung));
        Assert.That((string)tree!["cycles"]![0]!, Does.Contain("alice").And.Contain("bob"));
        Assert.That((bool)tree["isLate"]!, Is.False, "the loop has answered itself");
        Assert.That(
            ((JsonArray)tree["lines"]!).Select(line => (string)line!["text"]!),
            Has.Some.Contains("LiveTests.cs:"));
    }

    [Test]
    public void The_next_second_is_recorded_and_can_be_opened()
    {
        using var world = new InspectedLoop(loop => loop.CreateTask(Tick(), "ticker"));
        Assert.That(
            world.Client.Post("/api/record?seconds=1").Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            world.Client.Post("/api/record?seconds=1").Status,
            Is.EqualTo(HttpStatusCode.Conflict), "one at a time");
        JsonObject recordings = [];
        Assert.That(
            SpinWait.SpinUntil(
                () => ((JsonArray)(recordings = world.Client.GetJson("/api/recordings"))
                    ["recordings"]!).Count == 1,
                InspectedLoop.Hung));
        Assert.That(recordings["leftNs"], Is.Null);
        JsonObject session = world.Client.GetJson("/api/session?recording=1");
        Assert.That((int)session["recording"]!, Is.EqualTo(1));
        JsonObject end = world.Client.GetJson(
            "/api/recordings/1/state?event=1000000000");
        JsonNode moment = end["moment"]!;
        Assert.That((long)moment["event"]!, Is.EqualTo((long)moment["events"]!));
        Assert.That((long)moment["events"]!, Is.GreaterThan(100));
        Assert.That((long)moment["endNs"]!, Is.InRange(500_000_000, 1_000_000_000));
        Assert.That((int)end["tasks"]!["count"]!, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void Dropped_events_are_counted_and_the_state_is_right_again_afterwards()
    {
        bool isFlooding = true;
        using var world = new InspectedLoop(
            loop =>
            {
                loop.CreateTask(Tick(), "ticker");
                loop.CreateTask(Flood(() => Volatile.Read(ref isFlooding)), "flood");
            },
            new InspectorOptions { EventsMax = 256 });
        world.WaitForState(state => (long)state["counters"]!["dropped"]! > 0);
        Assert.That(world.Client.Get("/text").Text, Does.Contain("events were dropped"));

        Volatile.Write(ref isFlooding, false);
        JsonObject calm = world.WaitForState(state => (int)state["tasks"]!["count"]! == 1);
        Assert.That(
            (string)calm["tasks"]!["groups"]![0]!["example"]!, Does.Contain("ticker"));
    }

    [TestCase("/api/record?seconds=0")]
    [TestCase("/api/record?seconds=61")]
    [TestCase("/api/record?seconds=many")]
    [TestCase("/api/record")]
    public void A_length_out_of_range_is_refused(string path)
    {
        using var world = new InspectedLoop();
        (HttpStatusCode status, string text) = world.Client.Post(path);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(text, Does.Contain("1 to 60"));
    }

    [Test]
    public void A_closed_loop_is_shown_as_ended()
    {
        using var world = new InspectedLoop();
        using var other = new EventLoop();
        using LoopInspectorServer inspector = other.OpenInspector();
        using var client = new InspectorClient(inspector.Port, inspector.Host.Guard.Token);
        other.RunBriefly();
        Assert.That((bool)client.GetJson("/api/live?since=-1")["hasEnded"]!, Is.False);
        other.Close();
        Assert.That(
            SpinWait.SpinUntil(
                () => (bool)client.GetJson("/api/live?since=-1")["hasEnded"]!,
                InspectedLoop.Hung));
    }

    private static async Coroutine Tick()
    {
        while (true)
        {
            await EventLoop.Delay(s_tick);
        }
    }

    private static async Coroutine Flood(Func<bool> isOn)
    {
        while (isOn())
        {
            await EventLoop.Yield();
        }
    }

    private static async Coroutine AwaitLater(Func<LoopTask> other)
    {
        await EventLoop.Yield();
        await other();
    }
}
