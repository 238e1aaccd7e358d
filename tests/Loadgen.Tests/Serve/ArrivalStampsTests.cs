using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>What the ring keeps and what is computed from it.</summary>
public sealed class ArrivalStampsTests
{
    [Test]
    public void A_full_ring_keeps_the_last_arrivals_in_order()
    {
        var stamps = new ArrivalStamps(capacity: 3);
        for (int i = 1; i <= 5; i++)
        {
            stamps.Add(TimeSpan.FromTicks(i));
        }

        Assert.That(stamps.Count, Is.EqualTo(5));
        Assert.That(stamps.ToArray().Select(instant => instant.Ticks), Is.EqualTo([3, 4, 5]));
    }

    [Test]
    public void A_ring_that_is_exactly_full_has_lost_nothing()
    {
        var stamps = new ArrivalStamps(capacity: 3);
        for (int i = 1; i <= 3; i++)
        {
            stamps.Add(TimeSpan.FromTicks(i));
        }

        Assert.That(stamps.ToArray().Select(instant => instant.Ticks), Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public void The_file_has_nanoseconds_since_the_first_arrival()
    {
        var stamps = new ArrivalStamps(capacity: 8);
        stamps.Add(TimeSpan.FromTicks(1000));
        stamps.Add(TimeSpan.FromTicks(1500));
        var file = new StringWriter();
        stamps.Write(file);

        Assert.That(file.ToString(), Is.EqualTo("0\n50000\n"));
    }

    [Test]
    public void Gaps_and_their_distances_from_the_expected_gap_are_exact()
    {
        // 98 gaps of 10 ticks, one of 7 and one of 30.
        TimeSpan[] instants = new TimeSpan[101];
        for (int i = 1; i < instants.Length; i++)
        {
            instants[i] = instants[i - 1] + TimeSpan.FromTicks(i switch
            {
                50 => 7,
                51 => 30,
                _ => 10,
            });
        }

        ArrivalGaps gaps = ArrivalGaps.Of(instants, TimeSpan.Zero);
        Assert.That(gaps, Is.EqualTo(new ArrivalGaps(
            100, TimeSpan.FromTicks(10), TimeSpan.FromTicks(10), TimeSpan.FromTicks(30))));
        ArrivalGaps distances = ArrivalGaps.Of(instants, TimeSpan.FromTicks(10));
        Assert.That(distances, Is.EqualTo(new ArrivalGaps(
            100, TimeSpan.Zero, TimeSpan.FromTicks(3), TimeSpan.FromTicks(20))));
        Assert.That(distances.Text(), Is.EqualTo("p50 0.0us, p99 0.3us, max 2.0us"));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Without_a_gap_all_values_are_zero(int arrivals) => Assert.That(
        ArrivalGaps.Of(new TimeSpan[arrivals], TimeSpan.Zero), Is.EqualTo(default(ArrivalGaps)));
}
