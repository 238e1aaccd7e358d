using Reactor.Simulation;
using static Reactor.Http.Tests.Client.PoolWorld;

namespace Reactor.Http.Tests.Client;

/// <summary>A session that is closed in each state of a request and of a connection.</summary>
public sealed class PoolCloseTests
{
    [Test]
    public void Idle_connections_are_closed_at_once()
    {
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            world.Pool.Return(connection);
            world.Pool.Close();
            Assert.That(IsOpen(connection), Is.False);
            Assert.That(world.Pool.OpenConnections, Is.Zero);
            world.Pool.Close();
        });
    }

    [Test]
    public void A_lent_connection_is_closed_when_it_comes_back()
    {
        using var world = new PoolWorld();
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            world.Pool.Close();
            await SettleAsync();
            Assert.That(IsOpen(connection));
            Assert.That(world.Pool.OpenConnections, Is.EqualTo(1));
            world.Pool.Return(connection);
            Assert.That(IsOpen(connection), Is.False);
        });
    }

    [Test]
    public void Waiters_fail_and_so_does_every_later_request()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            await world.Pool.RentAsync(A, false);
            await world.Pool.RentAsync(B, false);
            LoopTask<ClientConnection>[] waiters = [world.Rent(A), world.Rent(B), world.Rent(A)];
            await SettleAsync();
            world.Pool.Close();
            foreach (LoopTask<ClientConnection> waiter in waiters.Append(world.Rent(C)))
            {
                ClientPoolException? error =
                    await ClientPoolTests.Catch<ClientPoolException>(waiter);
                Assert.That(error!.Message, Does.Contain("closed"));
            }
        });
    }

    [Test]
    public void A_waiter_that_was_granted_its_turn_before_is_treated_as_active()
    {
        using var world = new PoolWorld(new() { ConnectionsPerHostMax = 1 });
        world.Run(async () =>
        {
            ClientConnection connection = await world.Pool.RentAsync(A, false);
            ClientConnection other = await world.Pool.RentAsync(B, false);
            LoopTask<ClientConnection> handed = world.Rent(A);
            LoopTask<ClientConnection> permitted = world.Rent(B);
            await SettleAsync();
            world.Pool.Return(connection);
            other.Close();
            world.Pool.Return(other);
            world.Pool.Close();
            Assert.That(await handed, Is.SameAs(connection));
            Assert.That(await ClientPoolTests.Catch<ClientPoolException>(permitted), Is.Not.Null);
            Assert.That(world.Made, Has.Count.EqualTo(2), "no connection is opened any more");
        });
    }

    [Test]
    public void An_attempt_to_connect_fails_at_its_end_and_leaves_no_socket()
    {
        var delay = TimeSpan.FromSeconds(1);
        using var world = new PoolWorld(
            faults: new FaultPlan { DelayMin = delay, DelayMax = delay });
        world.ResolveTime = delay;
        world.Run(async () =>
        {
            foreach (double seconds in (double[])[0, 0.5, 1, 1.5])
            {
                ClientPool pool = world.NewPool();
                LoopTask<ClientConnection> rented =
                    world.World.Loop.CreateTask(pool.RentAsync(A, false));
                await EventLoop.Delay(TimeSpan.FromSeconds(seconds));
                pool.Close();
                Assert.That(
                    await ClientPoolTests.Catch<ClientPoolException>(rented), Is.Not.Null);
                Assert.That((pool.Permits, pool.Origins), Is.EqualTo((0, 0)));
            }
        });
    }
}
