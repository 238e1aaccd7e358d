using Reactor;
using Reactor.Drivers;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>An inspector beside a recording: the replay without one repeats the run.</summary>
[TestFixture]
public sealed class RecordedLoopTests
{
    private string _path = "";

    [SetUp]
    public void MakePath() => _path = Path.Combine(
        TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.rec");

    [TearDown]
    public void DeleteFile() => File.Delete(_path);

    [Test]
    public void An_inspector_that_is_opened_before_the_run_is_part_of_no_recording()
    {
        Record(loop => loop.OpenInspector(), _ => { });
        AssertReplays();
    }

    [Test]
    public void An_inspector_that_is_opened_on_the_loop_is_part_of_no_recording()
    {
        LoopInspectorServer? inspector = null;
        Record(_ => null, loop => inspector ??= loop.OpenInspector());
        inspector!.Dispose();
        AssertReplays();
    }

    [Test]
    public void A_loop_that_is_recorded_or_replayed_is_not_asked_for_its_tree()
    {
        Record(_ => null, _ => { });
        using LoopReplay replay = LoopReplay.Open(_path);
        replay.Run(driver => RunLoop(driver, loop =>
        {
            using var asking = new EventLoop();
            TreeView? tree = null;
            var thread = new Thread(() => tree = asking.RunUntilComplete(
                new TreeAsker(loop).AskAsync()));
            thread.Start();
            thread.Join();
            Assert.That(tree, Is.Null);
            return null;
        }, _ => { }));
        Assert.That(replay.Difference, Is.Null);
    }

    private void AssertReplays()
    {
        using LoopReplay replay = LoopReplay.Open(_path);
        replay.Run(driver => RunLoop(driver, _ => null, _ => { }));
        Assert.That((replay.Difference, replay.HasEnded), Is.EqualTo(((object?)null, true)));
    }

    private void Record(Func<EventLoop, IDisposable?> before, Action<EventLoop> within)
    {
        var driver = new LoopRecording(
            LoopDrivers.Sockets(), new LoopRecordingOptions { Path = _path });
        RunLoop(driver, before, within);
    }

    private static void RunLoop(
        LoopDriver driver, Func<EventLoop, IDisposable?> before, Action<EventLoop> within)
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        using IDisposable? inspector = before(loop);
        loop.RunUntilComplete(Tick(loop, within));
    }

    private static async Coroutine Tick(EventLoop loop, Action<EventLoop> within)
    {
        for (int i = 0; i < 3; i++)
        {
            within(loop);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(2));
        }
    }
}
