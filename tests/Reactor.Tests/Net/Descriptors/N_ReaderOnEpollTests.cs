using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Callbacks for the readiness of descriptors that the kernel really has: pipes of the framework on
/// the epoll driver. Statements N24 and N25; <see cref="N_ReaderTests"/> has them step by step.
/// </summary>
[Platform("Linux")]
public sealed class N_ReaderOnEpollTests
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private EventLoop _loop = null!;
    private AnonymousPipeServerStream _writing = null!;
    private AnonymousPipeClientStream _reading = null!;

    [SetUp]
    public void Open()
    {
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Epoll() });
        _writing = new AnonymousPipeServerStream(PipeDirection.Out);
        _reading = new AnonymousPipeClientStream(PipeDirection.In, _writing.ClientSafePipeHandle);
        _loop.CallLater(s_hung, static () => throw new LoopAbortException("The test hangs."));
    }

    [TearDown]
    public void Close()
    {
        _loop.Close();
        _writing.Dispose();
        _reading.Dispose();
    }

    [Test]
    public void N24_a_callback_runs_in_each_turn_while_bytes_lie_in_a_pipe()
    {
        int reads = 0;
        _loop.AddReader(_reading.SafePipeHandle, () => reads++);
        _loop.RunBriefly();
        Assert.That(reads, Is.Zero);

        _writing.Write("ab"u8);
        _loop.RunOnce();
        _loop.RunOnce();
        Assert.That(reads, Is.EqualTo(2), "level-triggered");

        Assert.That(_reading.Read(new byte[2]), Is.EqualTo(2));
        _loop.RunBriefly();
        Assert.That(reads, Is.EqualTo(2));

        _writing.Dispose();
        _loop.RunOnce();
        Assert.That(reads, Is.EqualTo(3), "the end counts as readiness");
        Assert.That(_loop.RemoveReader(_reading.SafePipeHandle), Is.True);
        _loop.RunBriefly();
        Assert.That(reads, Is.EqualTo(3));
    }

    [Test]
    public void N24_a_writer_runs_while_there_is_room_and_when_the_reader_has_gone()
    {
        int writes = 0;
        _loop.AddWriter(_writing.SafePipeHandle, () => writes++);
        _loop.RunOnce();
        Assert.That(writes, Is.EqualTo(1));

        // A pipe has room for 64 KiB, and tells of it by the page.
        _writing.Write(new byte[65_536]);
        _loop.RunBriefly();
        Assert.That(writes, Is.EqualTo(1));

        _reading.Dispose();
        _loop.RunOnce();
        Assert.That(writes, Is.EqualTo(2));
    }

    [Test]
    public void N24_a_regular_file_is_refused_each_time_and_no_callback_is_left()
    {
        using SafeFileHandle file = File.OpenHandle(GetType().Assembly.Location);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(() => _loop.AddReader(file, () => { }), Throws.ArgumentException);
        }

        Assert.That(_loop.RemoveReader(file), Is.False);
    }

    [Test]
    public void N25_the_descriptor_of_a_connection_is_refused()
    {
        _loop.RunUntilComplete(Refuse());

        async Coroutine Refuse()
        {
            LoopServer server = _loop.CreateServer(
                () => new StoryProtocol(), [SimulatedLoop.AnyPort]);
            (ITransport transport, _) = await _loop.CreateConnection(
                () => new StoryProtocol(), server.EndPoints[0]);
            Assert.That(
                () => _loop.AddReader(transport.Descriptor!, () => { }),
                Throws.InvalidOperationException);
            transport.Abort();
            server.Close();
        }
    }
}
