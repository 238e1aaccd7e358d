using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>The generator: published numbers, and the shape of its distributions.</summary>
public class SplitMix64Tests
{
    /// <summary>
    /// The first outputs of the reference implementation (Vigna, splitmix64.c) for two seeds, as
    /// Rosetta Code and the tests of other languages list them.
    /// </summary>
    [TestCase(
        1234567UL,
        6457827717110365317UL,
        3203168211198807973UL,
        9817491932198370423UL,
        4593380528125082431UL)]
    [TestCase(0UL, 0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL, 0x06C45D188009454FUL)]
    public void The_numbers_are_those_of_the_reference(ulong seed, params ulong[] numbers)
    {
        var random = new SplitMix64(seed);

        Assert.That(numbers.Select(_ => random.Next()).ToArray(), Is.EqualTo(numbers));
    }

    [Test]
    public void Exponential_numbers_are_finite_not_negative_and_have_a_median_of_ln_2()
    {
        var random = new SplitMix64(3);
        double[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextExponential())];

        Assert.That(numbers, Has.All.GreaterThanOrEqualTo(0).And.All.LessThan(40));
        // A share of one half has a standard error of 0.5 / sqrt(n).
        Assert.That(
            numbers.Count(one => one < Math.Log(2)) / 100_000.0,
            Is.EqualTo(0.5).Within(5 * 0.5 / Math.Sqrt(100_000)));
    }
}
