using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Reactor;
using Reactor.Inspector;

namespace Inspector.Tests.Server;

/// <summary>Beside a blocked loop the inspector answers, and names work and line.</summary>
[TestFixture]
public sealed class BlockedLoopTests
{
    private static readonly TimeSpan s_answer = TimeSpan.FromMilliseconds(100);

    private int _awaitLine;

    [Test]
    public void A_task_that_blocks_is_named_with_its_coroutine_and_line()
    {
        using var gate = new ManualResetEventSlim();
        using var world = new InspectedLoop(loop => loop.CreateTask(BlockAsync(gate), "culprit"));
        try
        {
            JsonObject blocked = WaitForBlock(world);
            string what = (string)blocked["what"]!;
            Assert.That(what, Does.Contain("culprit").And.Contain("BlockedLoopTests.BlockAsync"));
            string place = (string)blocked["place"]!;
            Assert.That(place, Does.StartWith("BlockedLoopTests.cs:"));
            int line = int.Parse(place.Split(':')[1]);
            Assert.That(line, Is.EqualTo(_awaitLine), "the await from which it runs");
            AssertAnswers(world, "BlockAsync", place);
        }
        finally
        {
            gate.Set();
        }
    }

    [Test]
    public void A_method_that_blocks_before_its_first_await_is_named_with_its_begin()
    {
        using var gate = new ManualResetEventSlim();
        using var world = new InspectedLoop(
            loop => loop.CreateTask(CallBlockingAsync(gate), "culprit"));
        try
        {
            JsonObject blocked = WaitForBlock(world);
            Assert.That((string)blocked["what"]!, Does.Contain("BlockAtOnceAsync"));
            string[] place = ((string)blocked["place"]!).Split(':');
            Assert.That(place[0], Is.EqualTo("BlockedLoopTests.cs"));
            // Without optimisation the method begins with its brace.
            Assert.That(int.Parse(place[1]), Is.InRange(_awaitLine - 1, _awaitLine));
        }
        finally
        {
            gate.Set();
        }
    }

    [Test]
    public void A_callback_that_blocks_is_named()
    {
        using var gate = new ManualResetEventSlim();
        int line = 0;
        using var world = new InspectedLoop(loop =>
        {
            line = Here() + 1;
            loop.CallLater(TimeSpan.Zero, () => Block(gate));
        });
        try
        {
            JsonObject blocked = WaitForBlock(world);
            Assert.That(
                (string)blocked["what"]!, Does.Contain("A_callback_that_blocks_is_named"));
            string place = $"BlockedLoopTests.cs:{line}";
            Assert.That((string?)blocked["place"], Is.EqualTo(place));
            AssertAnswers(world, "A_callback_that_blocks_is_named", place);
        }
        finally
        {
            gate.Set();
        }
    }

    [Test]
    public void An_inspector_that_is_opened_on_a_blocked_loop_names_the_block()
    {
        using var gate = new ManualResetEventSlim();
        using var world = new InspectedLoop(loop => loop.CreateTask(BlockAsync(gate), "culprit"));
        try
        {
            WaitForBlock(world);
            using LoopInspectorServer late = world.Loop.OpenInspector();
            using var client = new InspectorClient(late.Port, late.Host.Guard.Token);
            JsonNode? blocked = null;
            Assert.That(SpinWait.SpinUntil(
                () => (blocked = client.GetJson("/api/live?since=-1")["blocked"]) is not null,
                InspectedLoop.Hung));
            Assert.That((string)blocked!["what"]!, Does.Contain("culprit"));
            Assert.That((string)blocked["place"]!, Does.StartWith("BlockedLoopTests.cs:"));
        }
        finally
        {
            gate.Set();
        }
    }

    [Test]
    public void The_text_names_the_block_too_and_the_end_of_the_block_is_seen()
    {
        using var gate = new ManualResetEventSlim();
        using var world = new InspectedLoop(loop => loop.CreateTask(BlockAsync(gate), "culprit"));
        WaitForBlock(world);
        Assert.That(world.Client.Get("/text").Text, Does.Contain("The loop is blocked:"));
        Assert.That(
            (bool)world.Client.GetJson("/api/tree")["isLate"]!, "the tree is that of the trace");

        gate.Set();
        world.WaitForState(state => state["blocked"] is null);
        Assert.That(world.Client.Get("/text").Text, Does.Not.Contain("The loop is blocked:"));
    }

    private static JsonObject WaitForBlock(InspectedLoop world) =>
        world.WaitForState(state => state["blocked"] is not null)["blocked"]!.AsObject();

    // Each answer is a state that the page does not have yet, and names the block. The median: the
    // slower half may meet other programs.
    private static void AssertAnswers(InspectedLoop world, string what, string place)
    {
        var times = new List<TimeSpan>();
        for (int i = 0; i < 10; i++)
        {
            long known = VersionOf(world.Client.GetJson("/api/live?since=-1"));
            long begin = Stopwatch.GetTimestamp();
            JsonObject state = world.WaitForState(one => VersionOf(one) > known);
            times.Add(Stopwatch.GetElapsedTime(begin));
            JsonNode? blocked = state["blocked"];
            Assert.That((string?)blocked?["what"], Does.Contain(what));
            Assert.That((string?)blocked?["place"], Is.EqualTo(place));
        }

        times.Sort();
        TestContext.Out.WriteLine(
            $"{string.Join(", ", times.Select(time => time.TotalMilliseconds))} ms");
        Assert.That((times[4] + times[5]) / 2, Is.LessThanOrEqualTo(s_answer), "the median");
    }

    private static long VersionOf(JsonObject state) => (long)state["version"]!;

    private async Coroutine BlockAsync(ManualResetEventSlim gate)
    {
        _awaitLine = Here() + 1;
        await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        Block(gate);
    }

    private async Coroutine CallBlockingAsync(ManualResetEventSlim gate)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        await BlockAtOnceAsync(gate);
    }

#pragma warning disable CS1998 // it blocks instead of waiting
    private async Coroutine BlockAtOnceAsync(ManualResetEventSlim gate)
    {
        _awaitLine = Here();
        Block(gate);
    }
#pragma warning restore CS1998

    private static void Block(ManualResetEventSlim gate) => gate.Wait(InspectedLoop.Hung);

    private static int Here([CallerLineNumber] int line = 0) => line;
}
