using static Reactor.Http.Tests.Client.PoolWorld;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The pool's bounds, at the limit and one beyond; which connection is lent and to whom; how long
/// one is kept.
/// </summary>
public sealed class ClientPoolTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Test]
    public void A_host_has_at_most_so_many_connections_and_one_more_request_waits()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 2 });
        world.Run(async () =>
        {
            ClientConnection first = await world.Pool.RentAsync(A, false);
            await world.Pool.RentAsync(A, false);
            LoopTask<ClientConnection> third = world.Rent(A);
            ClientConnection other = await world.Pool.RentAsync(B, false);
            Assert.That(third.IsDone, Is.False);
            Assert.That(world.Pool.WaitingRequests, Is.EqualTo(1));
            Assert.That(world.Pool.OpenConnections, Is.EqualTo(3));

            world.Pool.Return(other);
            await SettleAsync();
            Assert.That(third.IsDone, Is.False, "another host's is of no use");
            world.Pool.Return(first);
            Assert.That(await third, Is.SameAs(first));
        });
    }

    [Test]
    public void There_are_at_most_so_many_connections_in_all()
    {
        using var world = new PoolWorld(new() { ConnectionsMax = 2 });
        world.Run(async () =>
        {
            await world.Pool.RentAsync(A, false);
            ClientConnection second = await world.Pool.RentAsync(B, false);
            LoopTask<ClientConnection> third = world.Rent(C);
            await SettleAsync();
            Assert.That(third.IsDone, Is.False);
            Assert.That(world.Pool.Permits, Is.EqualTo(2));

            world.Pool.Return(second);
            await third;
            Assert.That(second.Connection.IsClosed, "it made room");
            Assert.That(world.Pool.Permits, Is.EqualTo(2));
        });
    }

    [Test]
    public void The_longest_idle_connection_of_another_host_makes_room()
    {
        using var world = new PoolWorld(new() { ConnectionsMax = 2 });
        world.Run(async () =>
        {
            ClientConnection a = await world.Pool.RentAsync(A, false);
            ClientConnection b = await world.Pool.RentAsync(B, false);
            world.Pool.Return(b);
            world.Pool.Return(a);
            await world.Pool.RentAsync(C, false);
            Assert.That(b.Connection.IsClosed);
            Assert.That(a.Connection.IsClosed, Is.False);
        });
    }

    [Test]
    public void A_connection_that_must_be_new_replaces_an_idle_one_at_the_bound()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            ClientConnection old = await world.Pool.RentAsync(A, false);
            world.Pool.Return(old);
            ClientConnection made = await world.Pool.RentAsync(A, true);
            Assert.That(made, Is.Not.SameAs(old));
            Assert.That(world.OpenTo(A), Is.EqualTo(1));

            LoopTask<ClientConnection> waiting = world.Rent(A, mustBeNew: true);
            await SettleAsync();
            world.Pool.Return(made);
            Assert.That(await waiting, Is.Not.SameAs(made), "a waiter too gets a new one");
        });
    }

    [Test]
    public void The_freshest_idle_connection_is_lent_first()
    {
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            ClientConnection first = await world.Pool.RentAsync(A, false);
            ClientConnection second = await world.Pool.RentAsync(A, false);
            world.Pool.Return(second);
            world.Pool.Return(first);
            Assert.That(await world.Pool.RentAsync(A, false), Is.SameAs(first));
            Assert.That(await world.Pool.RentAsync(A, false), Is.SameAs(second));
            Assert.That(world.Made, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void Waiters_of_a_host_are_served_in_their_order()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            LoopTask<ClientConnection>[] waiters = [world.Rent(A), world.Rent(A), world.Rent(A)];
            await SettleAsync();
            for (int i = 0; i < waiters.Length; i++)
            {
                world.Pool.Return(connection);
                LoopTask<ClientConnection> newcomer = world.Rent(A);
                await SettleAsync();
                Assert.That(waiters.Count(static waiter => waiter.IsDone), Is.EqualTo(i + 1));
                Assert.That(waiters[i].IsDone);
                Assert.That(newcomer.IsDone, Is.False, "it does not overtake");
                newcomer.Cancel();
                await SettleAsync();
            }
        });
    }

    [Test]
    public void A_free_permit_goes_to_the_oldest_waiter_of_all_that_can_use_it()
    {
        using var world = new PoolWorld(new() { ConnectionsMax = 2, ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            ClientConnection a = await world.Pool.RentAsync(A, false);
            ClientConnection b = await world.Pool.RentAsync(B, false);
            LoopTask<ClientConnection> forA = world.Rent(A);
            await SettleAsync();
            LoopTask<ClientConnection> forC = world.Rent(C);
            await SettleAsync();
            LoopTask<ClientConnection> forB = world.Rent(B);
            await SettleAsync();

            // A's waiter is older than C's but cannot use B's permit; B's is younger.
            world.Pool.Return(b);
            await SettleAsync();
            Assert.That((forA.IsDone, forC.IsDone, forB.IsDone), Is.EqualTo((false, true, false)));

            world.Pool.Return(a);
            Assert.That(await forA, Is.SameAs(a));
            Assert.That(forB.IsDone, Is.False);
            world.Pool.Return(forC.Result);
            await forB;
        });
    }

    [Test]
    public void A_closed_connection_frees_its_permit_for_a_waiter()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            ClientConnection old = await world.Pool.RentAsync(A, false);
            LoopTask<ClientConnection> waiter = world.Rent(A);
            await SettleAsync();
            old.Close();
            world.Pool.Return(old);
            ClientConnection made = await waiter;
            Assert.That(made, Is.Not.SameAs(old));
            Assert.That(IsOpen(made));
        });
    }

    [Test]
    public void So_many_requests_may_wait_and_one_more_fails_at_once()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1, WaitersMax = 2 });
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            LoopTask<ClientConnection> first = world.Rent(A);
            LoopTask<ClientConnection> second = world.Rent(A);
            await SettleAsync();
            ClientPoolException? error = await Catch<ClientPoolException>(world.Rent(A));
            Assert.That(error!.Message, Does.Contain("WaitersMax"));
            await world.Pool.RentAsync(B, false); // does not have to wait

            first.Cancel();
            await SettleAsync();
            LoopTask<ClientConnection> third = world.Rent(A);
            world.Pool.Return(connection);
            world.Pool.Return(await second);
            await third;
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_request_waits_so_long_and_no_tick_longer(int ticksLate)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(3);
        using var world = new PoolWorld(
            new() { ConnectionsPerHostMax = 1, PoolTimeout = timeout });
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);

            // The timer of the return is armed first, so that at the limit it runs first.
            world.World.Loop.CallLater(
                timeout + (s_tick * ticksLate), () => world.Pool.Return(connection));
            LoopTask<ClientConnection> waiter = world.Rent(A);
            if (ticksLate == 0)
            {
                Assert.That(await waiter, Is.SameAs(connection));
                return;
            }

            ClientTimeoutException? error = await Catch<ClientTimeoutException>(waiter);
            Assert.That(world.World.Loop.Time, Is.EqualTo(timeout));
            Assert.That(error!.Phase, Is.EqualTo(ClientPhase.Pool));
            Assert.That(
                error.Message,
                Does.Contain("a:80").And.Contain("3 s").And.Contain("ConnectionsPerHostMax (1)"));
            await EventLoop.Delay(s_tick * 2);
            Assert.That(await world.Pool.RentAsync(A, false), Is.SameAs(connection));
        });
    }

    [Test]
    public void An_idle_connection_is_kept_so_long_and_closed_a_tick_later()
    {
        TimeSpan timeout = TimeSpan.FromSeconds(15);
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            ClientConnection first = await world.Pool.RentAsync(A, false);
            ClientConnection second = await world.Pool.RentAsync(B, false);
            world.Pool.Return(first);
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            world.Pool.Return(second);
            await EventLoop.Delay(timeout - TimeSpan.FromSeconds(1) - s_tick);
            Assert.That(world.Pool.IdleConnections, Is.EqualTo(2));
            await EventLoop.Delay(s_tick);
            await SettleAsync();
            Assert.That(IsOpen(first), Is.False);
            Assert.That(IsOpen(second), "it has a second more");

            ClientConnection again = await world.Pool.RentAsync(B, false);
            Assert.That(again, Is.SameAs(second));
            await EventLoop.Delay(timeout);
            Assert.That(IsOpen(again), "a lent one is not idle");
            world.Pool.Return(again);
            await EventLoop.Delay(timeout - s_tick);
            Assert.That(IsOpen(again), "the time begins anew");
            await EventLoop.Delay(s_tick);
            await SettleAsync();
            Assert.That(world.Pool.OpenConnections, Is.Zero);
        });
    }

    [Test]
    public void With_an_infinite_time_idle_connections_are_kept_and_waiters_wait()
    {
        using var world = new PoolWorld(new()
        {
            IdleTimeout = Timeout.InfiniteTimeSpan,
            PoolTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectionsPerHostMax = 1,
        });
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            LoopTask<ClientConnection> waiter = world.Rent(A);
            await EventLoop.Delay(TimeSpan.FromDays(1));
            world.Pool.Return(connection);
            world.Pool.Return(await waiter);
            await EventLoop.Delay(TimeSpan.FromDays(1));
            Assert.That(IsOpen(connection));
        });
    }

    [Test]
    public void A_second_return_does_nothing()
    {
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            world.Pool.Return(connection);
            world.Pool.Return(connection);
            Assert.That(world.Pool.IdleConnections, Is.EqualTo(1));
            await world.Pool.RentAsync(A, false);
            Assert.That(await world.Pool.RentAsync(A, false), Is.Not.SameAs(connection));
        });
    }

    internal static async Coroutine<T?> Catch<T>(LoopTask<ClientConnection> task)
        where T : Exception
    {
        try
        {
            await task;
            return null;
        }
        catch (T error)
        {
            return error;
        }
    }
}
