using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;

namespace Reactor.Tests.Drivers;

/// <summary>The contract of drivers: when a connection counts as failed.</summary>
public abstract partial class DriverContractTests
{
    [Test]
    public void A_connection_has_failed_once_it_is_reset_and_not_before([Values] bool isUnix) =>
        Run(async () =>
        {
            (DriverSocket client, DriverSocket server) = await ConnectPair(isUnix);
            Assert.That(server.GetFailure(), Is.EqualTo(SocketError.Success), "open");
            client.ShutdownSend();
            await server.WaitReadableAsync();
            Assert.That(server.Receive(new byte[1]), Is.EqualTo(default(IoResult)), "its end");
            server.Send(new byte[100]);
            Assert.That(server.GetFailure(), Is.EqualTo(SocketError.Success), "half open");
            _open.Remove(client);
            client.Close(reset: true);
            while (server.GetFailure() == SocketError.Success)
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }

            // Linux says EPIPE for a reset behind the end of the stream (net/ipv4, tcp_reset).
            SocketError[] reset = [SocketError.ConnectionReset, SocketError.Shutdown];
            Assert.That(reset, Does.Contain(server.GetFailure()));
            Assert.That(reset, Does.Contain(server.GetFailure()), "it stays so");
        });

    [Test]
    public void A_connection_that_both_sides_have_ended_has_not_failed() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        client.ShutdownSend();
        await server.WaitReadableAsync();
        server.Receive(new byte[1]);
        server.ShutdownSend();
        while (server.GetUnacknowledgedBytes() > 0)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(server.GetFailure(), Is.EqualTo(SocketError.Success));
    });

    private async Coroutine<(DriverSocket Client, DriverSocket Server)> ConnectPair(bool isUnix)
    {
        if (!isUnix || Driver is InMemoryDriver)
        {
            return await ConnectPair();
        }

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        DriverListener listener = Driver.Listen(
            new UnixDomainSocketEndPoint(path), new ListenOptions());
        DriverConnect connect = Driver.Connect(listener.LocalEndPoint);
        Assert.That(await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        _open.Add(connect.Socket);
        await listener.WaitAcceptableAsync();
        DriverSocket server = listener.Accept().Socket!;
        _open.Add(server);
        listener.Close();
        File.Delete(path);
        return (connect.Socket, server);
    }
}
