using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Callbacks for the readiness of foreign descriptors. Statements N24 and N25, and of B13 and B15
/// what concerns them.
/// </summary>
public class N_ReaderTests
{
    private readonly List<string> _story = [];
    private SimulatedLoop _world = null!;
    private InMemoryDescriptor _descriptor = null!;

    private EventLoop Loop => _world.Loop;

    private string Story
    {
        get
        {
            string story = string.Join(' ', _story);
            _story.Clear();
            return story;
        }
    }

    [SetUp]
    public void MakeWorld()
    {
        _story.Clear();
        _world = new SimulatedLoop();
        _descriptor = _world.Driver.OpenDescriptor();
    }

    [TearDown]
    public void CloseWorld()
    {
        _world.Dispose();
        _descriptor.Dispose();
        Assert.That(_descriptor.IsReleased, "a closed loop holds no descriptor");
    }

    [Test]
    public void N24_a_callback_runs_in_each_turn_while_the_descriptor_is_ready()
    {
        Loop.AddReader(_descriptor, () => Tell("read"));
        Loop.AddWriter(_descriptor, Tell, "write");
        Loop.RunBriefly();
        Assert.That(Story, Is.Empty);

        _descriptor.IsReadable = true;
        Loop.RunBriefly();
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("read read"));

        _descriptor.IsWritable = true;
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("read write"));

        _descriptor.IsReadable = false;
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("write"));
    }

    [Test]
    public void N24_a_poll_does_not_wait_while_a_descriptor_is_ready_and_waits_when_it_is_not()
    {
        int runs = 0;
        Loop.AddReader(_descriptor, () =>
        {
            Assert.That(Loop.Time, Is.EqualTo(TimeSpan.FromSeconds(1)));
            if (++runs == 3)
            {
                _descriptor.IsReadable = false;
            }
        });
        Loop.CallLater(TimeSpan.FromSeconds(1), () => _descriptor.IsReadable = true);
        _world.RunFor(TimeSpan.FromSeconds(2));

        Assert.That(runs, Is.EqualTo(3));
    }

    [Test]
    public void A03_it_runs_after_what_was_ready_before_the_poll_and_before_due_timers()
    {
        Loop.AddReader(_descriptor, () => Tell("reader"));
        _descriptor.IsReadable = true;
        Loop.CallLater(TimeSpan.Zero, () => Tell("timer"));
        Loop.CallSoon(() => Tell("soon"));
        Loop.RunBriefly();

        Assert.That(Story, Is.EqualTo("soon reader timer"));
    }

    [Test]
    public void N24_replacing_cancels_the_old_handle()
    {
        LoopHandle first = Loop.AddReader(_descriptor, () => Tell("first"));
        LoopHandle second = Loop.AddReader(_descriptor, () => Tell("second"));
        _descriptor.IsReadable = true;
        Loop.RunBriefly();

        Assert.That((first.IsCancelled, second.IsCancelled), Is.EqualTo((true, false)));
        Assert.That(Story, Is.EqualTo("second"));
    }

    [Test]
    public void N24_removing_one_keeps_the_other()
    {
        LoopHandle reader = Loop.AddReader(_descriptor, () => Tell("read"));
        LoopHandle writer = Loop.AddWriter(_descriptor, () => Tell("write"));
        _descriptor.IsReadable = true;
        _descriptor.IsWritable = true;
        Assert.That(Loop.RemoveReader(_descriptor), Is.True);
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("write"));
        Assert.That((reader.IsCancelled, writer.IsCancelled), Is.EqualTo((true, false)));

        Loop.AddReader(_descriptor, () => Tell("read"));
        Assert.That(Loop.RemoveWriter(_descriptor), Is.True);
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("read"));
    }

    [Test]
    public void N24_removing_what_is_not_there_is_false()
    {
        using InMemoryDescriptor other = _world.Driver.OpenDescriptor();
        Loop.AddReader(_descriptor, () => Tell("read"));

        Assert.That(Loop.RemoveReader(other), Is.False);
        Assert.That(Loop.RemoveWriter(_descriptor), Is.False);
        Assert.That(Loop.RemoveReader(_descriptor), Is.True);
        Assert.That(Loop.RemoveReader(_descriptor), Is.False);
    }

    [Test]
    public void N24_a_cancelled_handle_is_removed_on_event()
    {
        LoopHandle handle = Loop.AddReader(_descriptor, () => Tell("read"));
        handle.Cancel();
        _descriptor.Dispose();
        Assert.That(_descriptor.IsReleased, Is.False, "it is still watched");

        _descriptor.IsReadable = true;
        Loop.RunBriefly();
        Assert.That(Story, Is.Empty);
        Assert.That(_descriptor.IsReleased);
        Assert.That(Loop.RemoveReader(_descriptor), Is.False);
    }

    [Test]
    public void N24_removed_in_the_turn_of_the_event_it_does_not_run()
    {
        using InMemoryDescriptor other = _world.Driver.OpenDescriptor();
        Loop.AddReader(_descriptor, () => Loop.RemoveReader(other));
        Loop.AddReader(other, () => Tell("never"));
        _descriptor.IsReadable = true;
        other.IsReadable = true;
        Loop.RunBriefly();
        Loop.RunBriefly();

        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void N24_replaced_in_the_turn_of_the_event_the_new_one_runs_in_the_next_turn(
        [Values] bool isRemovedFirst)
    {
        using InMemoryDescriptor other = _world.Driver.OpenDescriptor();
        Loop.AddReader(_descriptor, () =>
        {
            Loop.RemoveReader(_descriptor);
            if (isRemovedFirst)
            {
                Loop.RemoveReader(other);
            }

            Loop.AddReader(other, () => Tell("new"));
        });
        Loop.AddReader(other, () => Tell("old"));
        Loop.AddWriter(other, () => Tell("never"));
        _descriptor.IsReadable = true;
        other.IsReadable = true;
        Loop.RunBriefly();
        Assert.That(Story, Is.Empty);
        Loop.RunBriefly();
        Assert.That(Story, Is.EqualTo("new"));
    }

    [Test]
    public void N24_a_callback_that_throws_is_reported_and_stays()
    {
        using var world = new SimulatedLoop { MayReport = true };
        using InMemoryDescriptor descriptor = world.Driver.OpenDescriptor();
        world.Loop.AddReader(descriptor, () => throw new NotSupportedException("a bug"));
        descriptor.IsReadable = true;
        world.Loop.RunBriefly();
        world.Loop.RunBriefly();

        Assert.That(
            world.Errors.Select(error => error.Message),
            Has.Exactly(2).StartsWith("Exception in callback"));
    }

    [Test]
    public void N24_what_an_abort_left_in_the_queue_is_not_posted_twice()
    {
        bool hasAborted = false;
        using InMemoryDescriptor other = _world.Driver.OpenDescriptor();
        Loop.AddReader(_descriptor, () =>
        {
            if (!hasAborted)
            {
                hasAborted = true;
                throw new LoopAbortException("stop");
            }
        });
        Loop.AddReader(other, () => Tell("read"));
        _descriptor.IsReadable = true;
        other.IsReadable = true;
        Assert.That(Loop.RunBriefly, Throws.InstanceOf<LoopAbortException>());
        Loop.RunBriefly();

        Assert.That(Story, Is.EqualTo("read"));
    }

    [Test]
    public void A_watched_descriptor_stays_open_until_its_last_callback_is_removed()
    {
        Loop.AddReader(_descriptor, () => Tell("read"));
        Loop.AddWriter(_descriptor, () => Tell("write"));
        _descriptor.Dispose();
        Assert.That(Loop.RemoveReader(_descriptor));
        Assert.That(_descriptor.IsReleased, Is.False);
        Assert.That(Loop.RemoveWriter(_descriptor));
        Assert.That(_descriptor.IsReleased);
        Assert.That(
            () => Loop.AddReader(_descriptor, () => { }),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void N25_the_descriptor_of_a_connection_cannot_be_registered_by_hand(
        [Values] bool isReader)
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        EventLoop loop = served.World.Loop;
        Assert.That(
            () => Add(loop, isReader, protocol.Transport.Descriptor!),
            Throws.InvalidOperationException.With.Message.Contains("used by a connection"));
        Assert.That(loop.RemoveReader(protocol.Transport.Descriptor!), Is.False);

        peer.Send("x"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made data:x"), "it is none the worse");
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void A_descriptor_that_the_driver_does_not_know_is_an_argument_error()
    {
        using var other = new SimulatedLoop();
        using InMemoryDescriptor foreign = other.Driver.OpenDescriptor();
        Assert.That(
            () => Loop.AddReader(foreign, () => { }),
            Throws.ArgumentException.With.Message.Contains("OpenDescriptor"));
    }

    [Test]
    public void B13_adding_after_close_throws_that_the_loop_is_closed([Values] bool isReader)
    {
        Loop.Close();
        Assert.That(
            () => Add(Loop, isReader, _descriptor),
            Throws.InstanceOf<ObjectDisposedException>().With.Message
                .Contains("Event loop is closed"));
    }

    [Test]
    public void B13_so_it_is_on_a_driver_that_cannot_watch()
    {
        var loop = new EventLoop(new EventLoopOptions { Driver = new SocketsDriver() });
        Assert.That(
            () => loop.AddReader(_descriptor, () => { }),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contains("epoll"));
        Assert.That(loop.RemoveReader(_descriptor), Is.False);
        loop.Close();
        Assert.That(
            () => loop.AddReader(_descriptor, () => { }),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void B15_removing_after_close_is_false_and_does_not_throw()
    {
        Loop.AddReader(_descriptor, () => { });
        Loop.AddWriter(_descriptor, () => { });
        Loop.Close();

        Assert.That(Loop.RemoveReader(_descriptor), Is.False);
        Assert.That(Loop.RemoveWriter(_descriptor), Is.False);
    }

    private void Add(EventLoop loop, bool isReader, SafeHandle descriptor)
    {
        if (isReader)
        {
            loop.AddReader(descriptor, () => Tell("never"));
        }
        else
        {
            loop.AddWriter(descriptor, Tell, "never");
        }
    }

    private void Tell(string word) => _story.Add(word);
}
