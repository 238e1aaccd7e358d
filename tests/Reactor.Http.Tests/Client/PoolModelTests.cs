using Reactor.Net;
using Reactor.Testing;
using static Reactor.Http.Tests.Client.PoolWorld;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Thousands of random operations on a pool, against a simple model: the bounds hold at every
/// moment, the counts are right, no waiter waits for what is free, requests of a host are served in
/// their order, and nothing is left at the end.
/// </summary>
/// <remarks>The seed is printed; REACTOR_TEST_SEED repeats a run.</remarks>
public sealed class PoolModelTests
{
    private const int Operations = 2000;

    private static readonly ClientOrigin[] s_origins = [A, B, C];

    [TestCase(1, 1)]
    [TestCase(1, 2)]
    [TestCase(2, 3)]
    [TestCase(3, 100)]
    [TestCase(4, 5)]
    public void Whatever_requests_and_servers_do_the_pool_keeps_its_promises(int perHost, int most)
    {
        var options = new ClientOptions
        {
            ConnectionsPerHostMax = perHost,
            ConnectionsMax = most,
            WaitersMax = 6,
            PoolTimeout = TimeSpan.FromSeconds(20),
            IdleTimeout = TimeSpan.FromSeconds(10),
        };
        using var world = new PoolWorld(options);
        var run = new ModelRun(world, TestSeed.NewRandom());
        world.Run(async () =>
        {
            for (int i = 0; i < Operations; i++)
            {
                await run.StepAsync();
                run.CheckBounds();
            }

            await run.EndAsync();
        });
        Assert.That(run.Served, Is.GreaterThan(Operations / 20), "the run did something");
    }

    private sealed record Request(int Number, ClientOrigin Origin, LoopTask<ClientConnection> Task);

    private sealed class ModelRun(PoolWorld world, Random random)
    {
        private readonly List<Request> _started = [];
        private readonly List<ClientConnection> _held = [];
        private readonly Dictionary<ClientOrigin, int> _lastServed = [];
        private int _number;

        public int Served { get; private set; }

        public async Coroutine StepAsync()
        {
            switch (random.Next(12))
            {
                case 0 or 1 or 2:
                    ClientOrigin origin = s_origins[random.Next(s_origins.Length)];
                    _started.Add(new(++_number, origin, world.Rent(origin, random.Next(5) == 0)));
                    break;
                case 3 or 4 when _held.Count > 0:
                    Return(close: false);
                    break;
                case 5 when _held.Count > 0:
                    Return(close: true);
                    break;
                case 6 when _started.Count > 0:
                    _started[random.Next(_started.Count)].Task.Cancel();
                    break;
                case 7 when world.Served.Count > 0:
                    DoServer(world.Served[random.Next(world.Served.Count)].End);
                    break;
                case 8:
                    await EventLoop.Delay(TimeSpan.FromSeconds(random.Next(8)));
                    break;
                case 9 or 10:
                    await SettleAsync();
                    Collect();
                    CheckSettled();
                    break;
                default:
                    await TurnsAsync(random.Next(4));
                    break;
            }

            Collect();
        }

        public void CheckBounds()
        {
            ClientPool pool = world.Pool;
            int open = world.Made.Count(IsOpen);
            Assert.That(pool.Permits, Is.LessThanOrEqualTo(world.Options.ConnectionsMax));
            Assert.That(open, Is.LessThanOrEqualTo(pool.Permits));
            foreach (ClientOrigin origin in s_origins)
            {
                Assert.That(
                    world.OpenTo(origin),
                    Is.LessThanOrEqualTo(world.Options.ConnectionsPerHostMax));
            }

            Assert.That(pool.WaitingRequests, Is.LessThanOrEqualTo(world.Options.WaitersMax));
            world.Made.RemoveAll(static made => !IsOpen(made));
        }

        public async Coroutine EndAsync()
        {
            foreach (Request request in _started)
            {
                request.Task.Cancel();
            }

            await SettleAsync();
            Collect();
            Assert.That(_started, Is.Empty);
            while (_held.Count > 0)
            {
                Return(close: false);
            }

            CheckSettled();
        }

        // With nothing under way, only lent and idle connections have permits, and a request waits
        // only for what is not there.
        private void CheckSettled()
        {
            ClientPool pool = world.Pool;
            Assert.That(pool.OpenConnections, Is.EqualTo(pool.Permits));
            Assert.That(pool.IdleConnections, Is.EqualTo(pool.OpenConnections - _held.Count));
            Assert.That(pool.WaitingRequests, Is.EqualTo(_started.Count));
            foreach (Request waiting in _started)
            {
                bool isHostFull = _held.Count(one => one.Origin == waiting.Origin)
                    == world.Options.ConnectionsPerHostMax;
                bool isFull = _held.Count == world.Options.ConnectionsMax;
                Assert.That(isHostFull || isFull, $"{waiting.Origin} could be served");
                Assert.That(
                    _lastServed.GetValueOrDefault(waiting.Origin),
                    Is.LessThan(waiting.Number), "a younger request was served before");
            }
        }

        private void Collect()
        {
            foreach (Request request in _started.Where(static one => one.Task.IsDone).ToList())
            {
                _started.Remove(request);
                if (request.Task.IsCancelled)
                {
                    continue;
                }

                if (request.Task.Exception is { } error)
                {
                    Assert.That(
                        error,
                        Is.TypeOf<ClientTimeoutException>().Or.TypeOf<ClientPoolException>()
                            .Or.TypeOf<ClientConnectException>());
                    continue;
                }

                ClientConnection lent = request.Task.Result;
                Assert.That(_held, Does.Not.Contain(lent), "lent twice");
                Assert.That(IsOpen(lent), "lent although closed");
                Assert.That(lent.Origin, Is.EqualTo(request.Origin));
                _held.Add(lent);
                _lastServed[request.Origin] =
                    Math.Max(request.Number, _lastServed.GetValueOrDefault(request.Origin));
                Served++;
            }
        }

        private void Return(bool close)
        {
            ClientConnection connection = _held[random.Next(_held.Count)];
            _held.Remove(connection);
            if (close)
            {
                connection.Close();
            }

            world.Pool.Return(connection);
        }

        private void DoServer(Connection end)
        {
            switch (random.Next(3))
            {
                case 0:
                    end.ShutdownSend();
                    break;
                case 1 when !end.HasOutputEnded:
                    end.Write("unsolicited"u8);
                    break;
                default:
                    end.Abort();
                    break;
            }
        }
    }
}
