using System.Net;
using Reactor.Drivers;

namespace Reactor.Tests.Timing;

/// <summary>
/// How often a turn reads the clock, and what <see cref="EventLoop.TurnTime"/> then says. The clock
/// here goes on by a second with each reading, so the readings can be counted.
/// </summary>
public sealed class TurnTimeTests
{
    private readonly List<int> _readings = [];
    private CountingDriver _driver = null!;
    private EventLoop _loop = null!;

    [SetUp]
    public void MakeLoop()
    {
        _readings.Clear();
        _driver = new CountingDriver();
        _loop = new EventLoop(new EventLoopOptions { Driver = _driver, Debug = false });
    }

    [TearDown]
    public void CloseLoop()
    {
        _loop.Close();
        _driver.Dispose();
    }

    [Test]
    public void A_chain_of_callbacks_without_a_timer_reads_no_clock()
    {
        RunChain(turns: 5);
        Assert.That(_readings.Distinct(), Has.One.Items);
    }

    [Test]
    public void Beside_a_timer_each_turn_reads_the_clock_once()
    {
        _loop.CallLater(TimeSpan.FromHours(1), () => { });
        RunChain(turns: 5);
        int first = _readings[0];
        Assert.That(
            _readings,
            Is.EqualTo(new[] { first, first + 1, first + 2, first + 3, first + 4 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_time_of_a_turn_is_one_moment_of_that_turn(bool hasTimer)
    {
        if (hasTimer)
        {
            _loop.CallLater(TimeSpan.FromHours(1), () => { });
        }

        var times = new List<TimeSpan>();
        for (int turn = 0; turn < 2; turn++)
        {
            TimeSpan before = _loop.Time;
            _loop.CallSoon(() => times.Add(_loop.TurnTime));
            _loop.CallSoon(() => times.Add(_loop.TurnTime));
            _loop.RunBriefly();
            Assert.That(times[^1], Is.GreaterThan(before), "not of an earlier turn");
            Assert.That(times[^1], Is.EqualTo(times[^2]));
        }
    }

    private void RunChain(int turns)
    {
        void Step()
        {
            _readings.Add(_driver.Readings);
            if (_readings.Count == turns)
            {
                _loop.Stop();
            }
            else
            {
                _loop.CallSoon(Step);
            }
        }

        _loop.CallSoon(Step);
        _loop.RunForever();
    }

    private sealed class CountingDriver : LoopDriver
    {
        public int Readings { get; private set; }

        public override string Name => "counting";

        public override TimeSpan Now => TimeSpan.FromSeconds(++Readings);

        public override DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch;

        public override Random Random { get; } = new(1);

        public override void Poll(TimeSpan? deadline)
        {
        }

        public override void Wake()
        {
        }

        public override DriverListener Listen(EndPoint endPoint, ListenOptions options) =>
            throw new NotSupportedException();

        public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null) =>
            throw new NotSupportedException();
    }
}
