using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor;

namespace Inspector.Tests.Server;

/// <summary>Pages that stop reading: the others are served, and what is held has a bound.</summary>
[TestFixture]
public sealed class SlowReaderTests
{
    private const int Readers = 8;
    private const int Requests = 400;

    [Test]
    public void Pages_that_stop_reading_do_not_delay_others_and_hold_bounded_memory()
    {
        using var world = new InspectedLoop(loop => loop.CreateTask(Tick(), "ticker"));
        string token = world.Inspector.Host.Guard.Token;
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
            $"GET /api/live?since=-1&token={token} HTTP/1.1\r\n"
            + $"Host: 127.0.0.1:{world.Inspector.Port}\r\n\r\n",
            Requests)));
        Socket[] stalled = [.. Enumerable.Range(0, Readers).Select(_ => Connect(world))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        try
        {
            foreach (Socket socket in stalled)
            {
                socket.Send(requests, SocketFlags.None, out _);
            }

            for (int i = 0; i < 20; i++)
            {
                Assert.That(
                    world.Client.Get("/api/live?since=-1").Status, Is.EqualTo(HttpStatusCode.OK));
            }

            // A stalled page holds its unsent responses: each connection has a bound of 64 KiB and
            // one view; all answers together would be many megabytes.
            long held = GC.GetTotalMemory(forceFullCollection: true) - before;
            Assert.That(held, Is.LessThan(Readers * 512 * 1024));
        }
        finally
        {
            Array.ForEach(stalled, socket => socket.Dispose());
        }
    }

    private static Socket Connect(InspectedLoop world)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };
        socket.Connect(IPAddress.Loopback, world.Inspector.Port);
        socket.Blocking = false;
        return socket;
    }

    private static async Coroutine Tick()
    {
        while (true)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }
    }
}
