using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// The contract of drivers: the readiness of descriptors that are not their own. Some drivers
/// cannot tell it, and say so; the others keep the rest of this page.
/// </summary>
public abstract partial class DriverContractTests
{
    /// <summary>True if the driver can wait for foreign descriptors.</summary>
    protected virtual bool CanWatch => false;

    [Test]
    public void A_driver_watches_foreign_descriptors_or_names_the_one_that_does()
    {
        using ForeignDescriptor foreign = OpenForeign();
        if (CanWatch)
        {
            Driver.Watch(foreign.Handle, NewWork(), NewWork()).Close();
        }
        else
        {
            Assert.That(
                () => Driver.Watch(foreign.Handle, NewWork(), NewWork()),
                Throws.InstanceOf<PlatformNotSupportedException>()
                    .With.Message.Contains(Driver.Name).And.Message.Contains("LoopDrivers.Epoll"));
        }
    }

    [Test]
    public void Each_poll_posts_what_is_ready_and_of_interest_as_long_as_it_is()
    {
        AssumeCanWatch();
        using ForeignDescriptor foreign = OpenForeign();
        int reads = 0;
        int writes = 0;
        DriverWatch watch = Driver.Watch(
            foreign.Handle, NewWork(() => reads++), NewWork(() => writes++));
        foreign.MakeReadable();
        _loop.RunBriefly();
        Assert.That((reads, writes), Is.EqualTo((0, 0)), "there is no interest at first");

        watch.Interest = DriverReadiness.Read;
        _loop.RunOnce();
        _loop.RunOnce();
        Assert.That((reads, writes), Is.EqualTo((2, 0)));

        foreign.Drain();
        _loop.RunBriefly();
        Assert.That((reads, writes), Is.EqualTo((2, 0)));

        foreign.MakeReadable();
        watch.Interest = DriverReadiness.Read | DriverReadiness.Write;
        _loop.RunOnce();
        Assert.That((reads, writes), Is.EqualTo((3, 1)));
        watch.Close();
    }

    [Test]
    public void Nothing_is_posted_for_an_interest_that_was_taken_back_or_a_closed_watch()
    {
        AssumeCanWatch();
        using ForeignDescriptor foreign = OpenForeign();
        int reads = 0;
        int writes = 0;
        DriverWatch watch = Driver.Watch(
            foreign.Handle, NewWork(() => reads++), NewWork(() => writes++));
        foreign.MakeReadable();
        watch.Interest = DriverReadiness.Read | DriverReadiness.Write;
        watch.Interest = DriverReadiness.Write;
        _loop.RunOnce();
        Assert.That((reads, writes), Is.EqualTo((0, 1)));

        watch.Close();
        watch.Close();
        watch.Interest = DriverReadiness.Read;
        _loop.RunBriefly();
        Assert.That((reads, writes), Is.EqualTo((0, 1)));

        Driver.Watch(foreign.Handle, NewWork(), NewWork()).Close(); // it can be watched again
    }

    [Test]
    public void A_watch_holds_the_descriptor_open()
    {
        AssumeCanWatch();
        using ForeignDescriptor foreign = OpenForeign();
        int reads = 0;
        DriverWatch watch = Driver.Watch(foreign.Handle, NewWork(() => reads++), NewWork());
        watch.Interest = DriverReadiness.Read;
        foreign.MakeReadable();
        foreign.Handle.Dispose();
        _loop.RunOnce();
        Assert.That(reads, Is.EqualTo(1));

        watch.Close();
        Assert.That(
            () => Driver.Watch(foreign.Handle, NewWork(), NewWork()),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void The_descriptor_of_a_drivers_own_socket_is_not_watched() => Run(async () =>
    {
        AssumeCanWatch();
        (DriverSocket client, _) = await ConnectPair();
        SafeHandle descriptor = client.Descriptor!;
        Assert.That(
            () => Driver.Watch(descriptor, NewWork(), NewWork()), Throws.InvalidOperationException);
    });

    [Test]
    public void A_closed_socket_shows_no_descriptor() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        Assert.That(client.Descriptor, Is.Not.Null.And.Not.EqualTo(server.Descriptor));
        Close(client, reset: false);
        Assert.That(client.Descriptor, Is.Null);
    });

    /// <summary>
    /// Opens a descriptor that is none of the driver's: a socket of the runtime, unless the driver
    /// lives in a world of its own.
    /// </summary>
    protected virtual ForeignDescriptor OpenForeign() => new SocketDescriptor();

    private void AssumeCanWatch() =>
        Skip.Unless(CanWatch, "this driver cannot wait for foreign descriptors");

    private StateHandle<Action> NewWork(Action? action = null) =>
        new(_loop, PlainCallback.Run, action ?? (static () => { }), null, null, 0);

    /// <summary>
    /// A descriptor with the means to make it readable; there is always room to write.
    /// </summary>
    protected abstract class ForeignDescriptor : IDisposable
    {
        public abstract SafeHandle Handle { get; }

        public abstract void MakeReadable();

        public abstract void Drain();

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing) => Handle.Dispose();
    }

    private sealed class SocketDescriptor : ForeignDescriptor
    {
        private readonly Socket _socket;
        private readonly Socket _peer = NewSocket();

        public SocketDescriptor()
        {
            using Socket listener = NewSocket();
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            _peer.Connect(listener.LocalEndPoint!);
            _socket = listener.Accept();
        }

        public override SafeHandle Handle => _socket.SafeHandle;

        public override void MakeReadable() => _peer.Send("x"u8);

        public override void Drain() => _socket.Receive(new byte[1]);

        protected override void Dispose(bool disposing)
        {
            _peer.Dispose();
            base.Dispose(disposing);
        }

        private static Socket NewSocket() =>
            new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    }
}
