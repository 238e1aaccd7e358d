using Reactor.Simulation;
using static Reactor.Http.Tests.Client.PoolWorld;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// A request is cancelled after any number of turns: no permit and no socket is lost, and the next
/// request is served.
/// </summary>
public sealed class PoolCancelTests
{
    private const int TurnsBeforeMax = 4;
    private const int TurnsAfterMax = 12;

    public enum Wait
    {
        /// <summary>Nothing has to be waited for but the connection.</summary>
        Connect,

        /// <summary>For a connection that comes back.</summary>
        Connection,

        /// <summary>For a permit of its host.</summary>
        Permit,

        /// <summary>For a permit of another host.</summary>
        OtherPermit,
    }

    [Test]
    public void Cancelled_after_any_number_of_turns_a_request_holds_nothing([Values] Wait wait)
    {
        int cancelled = 0;
        for (int before = 0; before <= TurnsBeforeMax; before++)
        {
            for (int after = 0; after <= TurnsAfterMax; after++)
            {
                cancelled += IsCancelledAfter(wait, before, after) ? 1 : 0;
            }
        }

        const int Runs = (TurnsBeforeMax + 1) * (TurnsAfterMax + 1);
        Assert.That(
            cancelled, Is.InRange(TurnsBeforeMax + 1, Runs - 1), "before and after its end");
    }

    [Test]
    public void Cancelled_while_it_resolves_or_connects_a_request_leaves_no_attempt(
        [Values(0, 500, 1000, 1100, 1250, 1500, 1999, 2000, 2001)] int ms)
    {
        TimeSpan second = TimeSpan.FromSeconds(1);
        for (int turns = 0; turns < 8; turns++)
        {
            using var world = new PoolWorld(
                new() { ConnectionsPerHostMax = 1 },
                new FaultPlan { DelayMin = second, DelayMax = second });
            world.ResolveTime = second;
            world.Run(async () =>
            {
                LoopTask<ClientConnection> request = world.Rent(A);
                await EventLoop.Delay(TimeSpan.FromMilliseconds(ms));
                await TurnsAsync(turns);
                request.Cancel();
                await SettleAsync();
                if (!request.IsCancelled)
                {
                    request.Result.Close();
                    world.Pool.Return(request.Result);
                }

                Assert.That(world.Pool.Permits, Is.Zero, $"after {ms} ms and {turns} turns");
                world.ResolveTime = TimeSpan.Zero;
                await world.Pool.RentAsync(A, false);
            });
        }
    }

    /// <summary>
    /// The turns before what is waited for comes, and then before the request is cancelled.
    /// </summary>
    private static bool IsCancelledAfter(Wait wait, int before, int after)
    {
        bool isCancelled = false;
        using var world = new PoolWorld(new()
        {
            ConnectionsPerHostMax = 1,
            ConnectionsMax = wait == Wait.OtherPermit ? 1 : 10,
        });
        world.Run(async () =>
        {
            ClientConnection? held = wait == Wait.Connect
                ? null
                : await world.Pool.RentAsync(wait == Wait.OtherPermit ? B : A, false);
            LoopTask<ClientConnection> request = world.Rent(A);
            LoopTask<ClientConnection> next = world.Rent(A);
            await TurnsAsync(before);
            GiveBack(world, held, wait);
            await TurnsAsync(after);
            request.Cancel();
            await SettleAsync();
            isCancelled = request.IsCancelled;
            if (!isCancelled)
            {
                world.Pool.Return(request.Result);
            }

            await SettleAsync();
            Assert.That(next.IsDone, $"after {before} and {after} turns");
            Assert.That(IsOpen(next.Result));
            Assert.That(world.Pool.Permits, Is.EqualTo(1));
            Assert.That(world.Pool.WaitingRequests, Is.Zero);
            Assert.That(world.Made.Count(IsOpen), Is.EqualTo(1));
            Assert.That(world.World.Driver.OpenSockets, Is.EqualTo(2), "both ends of one");
        });
        return isCancelled;
    }

    private static void GiveBack(PoolWorld world, ClientConnection? held, Wait wait)
    {
        if (wait is Wait.Permit or Wait.OtherPermit)
        {
            held!.Close();
        }

        if (held is not null)
        {
            world.Pool.Return(held);
        }
    }
}
