using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Drivers;

/// <summary>
/// The drivers that a program chooses for loops that it did not write: <c>LoopDrivers.Default</c>
/// and <c>LoopDrivers.Decorate</c>.
/// </summary>
[NonParallelizable]
public sealed class ChosenDriverTests
{
    [TearDown]
    public void Forget()
    {
        LoopDrivers.Default = LoopDrivers.Sockets;
        LoopDrivers.Decorate = null;
    }

    [Test]
    public void A_loop_whose_options_name_no_driver_gets_the_default_of_the_program()
    {
        LoopDrivers.Default = () => new InMemoryDriver();
        using var loop = new EventLoop();
        using var named = new EventLoop(
            new EventLoopOptions { Driver = LoopDrivers.Sockets() });
        Assert.That(loop.Driver.Name, Is.EqualTo("in-memory"));
        Assert.That(named.Driver.Name, Is.EqualTo("sockets"));
        Assert.That(() => LoopDrivers.Default = null!, Throws.ArgumentNullException);
    }

    [Test]
    public void Default_drivers_are_made_one_for_each_loop()
    {
        LoopDrivers.Default = () => new InMemoryDriver();
        using var first = new EventLoop();
        using var second = new EventLoop();
        Assert.That(second.Driver, Is.Not.SameAs(first.Driver));
    }

    [Test]
    public void A_decorator_gets_the_driver_of_every_later_loop_named_or_not()
    {
        using var before = new EventLoop();
        LoopDrivers.Decorate = driver => new Wrapped(driver);
        using var unnamed = new EventLoop();
        using var named = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        LoopDrivers.Decorate = null;
        using var after = new EventLoop();
        Assert.That(unnamed.Driver, Is.InstanceOf<Wrapped>());
        Assert.That(named.Driver, Is.InstanceOf<Wrapped>());
        Assert.That(named.Driver.Name, Is.EqualTo("in-memory"));
        Assert.That(before.Driver, Is.Not.InstanceOf<Wrapped>());
        Assert.That(after.Driver, Is.Not.InstanceOf<Wrapped>());
    }

    [Test]
    public void Events_of_a_recording_have_the_times_of_the_given_clock()
    {
        string path = Path.GetTempFileName();
        try
        {
            long readings = 0;
            LoopDrivers.Decorate = driver => new LoopRecording(driver, new LoopRecordingOptions
            {
                Path = path,
                Events = true,
                EventClock = () => Interlocked.Add(ref readings, 1000),
            });
            var options = new EventLoopOptions { Driver = new InMemoryDriver() };
            using (var loop = new EventLoop(options))
            {
                loop.RunUntilComplete(Wait());
            }

            using var file = RecordingFile.Open(path);
            TraceEvent[] events = file.ReadTrace().Events.ToArray();
            Assert.That(events, Is.Not.Empty);
            Assert.That(events.Select(one => one.Time % 1000), Is.All.Zero);
            Assert.That(events[^1].Time, Is.LessThanOrEqualTo(readings));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Coroutine Wait() => await EventLoop.Delay(TimeSpan.FromSeconds(1));

    private sealed class Wrapped(LoopDriver inner) : DelegatingLoopDriver(inner);
}
