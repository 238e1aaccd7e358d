using Reactor.Inspector;

namespace Inspector.Tests.Server;

/// <summary>When the inspector takes the events of its loop again.</summary>
[TestFixture]
public sealed class DrainPaceTests
{
    private const int Room = 1_000;

    // In the wait that follows, the present rate fills a quarter of the room.
    [TestCase(0, 200, ExpectedResult = 200)]
    [TestCase(250, 200, ExpectedResult = 200)]
    [TestCase(500, 200, ExpectedResult = 100)]
    [TestCase(1_000, 200, ExpectedResult = 50)]
    [TestCase(100_000, 200, ExpectedResult = 5)]
    [TestCase(250, 50, ExpectedResult = 50)]
    [TestCase(1, 0, ExpectedResult = 5)]
    public double The_wait_is_the_usual_one_unless_a_quarter_of_the_room_fills_before(
        long taken, int sinceMs) =>
        DrainPace.Next(
            TimeSpan.FromMilliseconds(200), taken, TimeSpan.FromMilliseconds(sinceMs), Room)
            .TotalMilliseconds;
}
