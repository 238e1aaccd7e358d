using Reactor.Net;
using static Reactor.Http.Tests.Client.PoolWorld;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// An idle connection that its server closes, resets or writes to is closed and never lent (RFC
/// 9112 9.5: a client watches for that); also in the turn in which it happens.
/// </summary>
public sealed class IdleWatchTests
{
    public enum ServerAct
    {
        Close,
        Reset,
        Write,
        WriteAndClose,
    }

    [Test]
    public void What_a_server_does_to_an_idle_connection_ends_it(
        [Values] ServerAct act, [Values(0, 1, 2, 3, 4)] int turns)
    {
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            await SettleAsync();
            world.Pool.Return(connection);
            Do(world, act);
            await TurnsAsync(turns);
            if (turns == 0)
            {
                await SettleAsync();
                Assert.That(IsOpen(connection), Is.False, "no request has to find it");
                Assert.That(world.Pool.IdleConnections, Is.Zero);
            }

            // In the turn in which it arrives, this task runs before the watch does.
            ClientConnection next = await world.Pool.RentAsync(A, false);
            Assert.That(
                next != connection || !connection.Connection.TryReceive(), "it had arrived");
            await SettleAsync();
            world.Pool.Return(next);
            await SettleAsync();
            Assert.That(IsOpen(connection), Is.False);
        });
    }

    [Test]
    public void A_connection_that_ended_while_lent_is_not_kept([Values] ServerAct act)
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            LoopTask<ClientConnection> waiter = world.Rent(A);
            await SettleAsync();
            Do(world, act);
            await SettleAsync();
            world.Pool.Return(connection);
            ClientConnection next = await waiter;
            Assert.That(next, Is.Not.SameAs(connection));
            Assert.That(IsOpen(next));
        });
    }

    [Test]
    public void A_connection_is_watched_again_each_time_it_is_idle()
    {
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            for (int round = 0; round < 3; round++)
            {
                ClientConnection lent = await world.Pool.RentAsync(A, false);
                await SettleAsync();

                // The exchange reads what arrives; the old watch wakes too and must do nothing.
                world.Served[0].End.Write("answer"u8);
                Assert.That(await lent.Connection.ReadExactlyAsync(6), Has.Length.EqualTo(6));
                world.Pool.Return(lent);
                await SettleAsync();
                Assert.That(IsOpen(lent));
            }

            Assert.That(world.Made, Has.Count.EqualTo(1));
            Do(world, ServerAct.Close);
            await SettleAsync();
            Assert.That(world.Pool.OpenConnections, Is.Zero);
        });
    }

    [Test]
    public void Spurious_wakeups_neither_close_a_connection_nor_end_its_watch()
    {
        using var world = new PoolWorld(faults: new() { SpuriousReadableChance = 1 });
        world.Run(async () =>
        {
            ClientConnection lent = await world.Pool.RentAsync(A, false);
            world.Pool.Return(lent);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
            Assert.That(await world.Pool.RentAsync(A, false), Is.SameAs(lent));
            world.Pool.Return(lent);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
            Do(world, ServerAct.Close);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
            Assert.That(IsOpen(lent), Is.False, "and it is still watched");
        });
    }

    private static void Do(PoolWorld world, ServerAct act)
    {
        Connection end = world.Served[0].End;
        if (act is ServerAct.Write or ServerAct.WriteAndClose)
        {
            end.Write("HTTP/1.1 408 Request Timeout\r\n\r\n"u8);
        }

        if (act is ServerAct.Close or ServerAct.WriteAndClose)
        {
            end.ShutdownSend();
        }
        else if (act == ServerAct.Reset)
        {
            end.Abort();
        }
    }
}
