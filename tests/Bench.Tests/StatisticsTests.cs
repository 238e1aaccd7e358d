// The arithmetic behind the tables, with figures that one can do in one's head.
using Reactor.Bench.Servers;
using Reactor.Bench.Servers.Report;

namespace Bench.Tests;

[TestFixture]
public sealed class StatisticsTests
{
    [TestCase(new double[] { 5 }, 5, 5, 5)]
    [TestCase(new double[] { 9, 1, 2 }, 2, 1, 9)]
    [TestCase(new double[] { 4, 1, 3, 100 }, 3.5, 1, 100)]
    public void The_median_is_the_middle_or_between_the_two_in_the_middle(
        double[] figures, double median, double lowest, double highest) => Assert.That(
            Summary.Of(figures), Is.EqualTo(new Summary(median, lowest, highest)));

    [Test]
    public void Nothing_has_no_median() => Assert.That(
        () => Summary.Of([]), Throws.InvalidOperationException);

    [Test]
    public void A_cell_is_the_median_and_how_many_times_the_floor_it_is() => Assert.That(
        ResultTables.Cell([(6, null), (7, null), (11, null)], 2),
        Is.EqualTo(new ResultCell(new Summary(7, 6, 11), 3.5)));

    [Test]
    public void One_error_refuses_the_whole_figure() => Assert.That(
        ResultTables.Cell([(6, null), (0.1, "timeout 3"), (7, null)], 2),
        Is.EqualTo(new ResultCell(null, Refused: "timeout 3")));

    [Test]
    public void What_was_not_measured_is_neither_a_figure_nor_refused() =>
        Assert.That(ResultTables.Cell([], 2), Is.EqualTo(default(ResultCell)));

    [TestCase(null)]
    [TestCase(0.0)]
    public void Without_a_floor_there_is_no_ratio(double? floor) =>
        Assert.That(ResultTables.Cell([(6, null)], floor).Ratio, Is.Null);

    [Test]
    public void Each_round_begins_with_the_next_peer_and_keeps_the_order()
    {
        Assert.That(Turns.Rotate(["a", "b", "c"], 1), Is.EqualTo(["a", "b", "c"]));
        Assert.That(Turns.Rotate(["a", "b", "c"], 2), Is.EqualTo(["b", "c", "a"]));
        Assert.That(Turns.Rotate(["a", "b", "c"], 4), Is.EqualTo(["a", "b", "c"]));
    }

    [Test]
    public void The_usual_number_of_connections_is_measured_once() => Assert.That(
        Scenario.All([1, 64, 1]).Select(scenario => (scenario.Key, scenario.Connections)),
        Is.EqualTo(new[]
        {
            ("keep-alive", 64), ("varied", 64), ("pipelined", 64),
            ("json", 64), ("echo", 64), ("keep-alive", 1),
        }));

    [Test]
    public void The_example_of_the_items_has_1024_bytes() =>
        Assert.That(ExampleItems.Text, Has.Length.EqualTo(1024));

    // 500 connections come before those that count, and 1,024 descriptors are for other things.
    [TestCase(8000, 20_000, 8000)]
    [TestCase(8000, 9524, 8000)]
    [TestCase(8000, 9523, 7999)]
    [TestCase(8000, 1024, 0)]
    public void As_many_connections_are_held_as_there_are_descriptors_for(
        int wanted, int descriptors, int expected) => Assert.That(
            IdleMeasurement.Possible(wanted, descriptors), Is.EqualTo(expected));

    [TestCase("64", new[] { 64 })]
    [TestCase("64, 1,64", new[] { 1, 64 })]
    [TestCase("60000", new[] { 60_000 })]
    [TestCase("60001", null)]
    [TestCase("0", null)]
    [TestCase("1,", null)]
    [TestCase("-1", null)]
    public void Connections_are_numbers_with_commas(string text, int[]? expected) =>
        Assert.That(
            CompareOptions.TryReadConnections(text, out int[] counts) ? counts : null,
            Is.EqualTo(expected));
}
