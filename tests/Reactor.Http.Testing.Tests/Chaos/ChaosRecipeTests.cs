using System.Net.Sockets;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Testing.Tests.Chaos;

/// <summary>The text that repeats a run.</summary>
public class ChaosRecipeTests
{
    [Test]
    public void A_recipe_is_read_back_from_its_text()
    {
        var random = new Random(TestSeed.Next());
        for (int i = 0; i < 1000; i++)
        {
            var recipe = new ChaosRecipe(
                random.Next(int.MinValue, int.MaxValue),
                [.. Enumerable.Range(1, random.Next(5)).Select(i => MakeFault(random, i))]);

            ChaosRecipe read = ChaosRecipe.Parse(recipe.ToString());

            Assert.That(read.Seed, Is.EqualTo(recipe.Seed));
            Assert.That(read.Faults, Is.EqualTo(recipe.Faults));
        }
    }

    [Test]
    public void Its_text_is_short_and_plain()
    {
        var recipe = new ChaosRecipe(
            17,
            [
                new(FaultKind.Delay, 5, TimeSpan.FromMilliseconds(20).Ticks),
                new(FaultKind.Reset, 9, 120),
            ]);

        Assert.That(recipe.ToString(), Is.EqualTo("seed 17 delay@5=20ms reset@9=120"));
    }

    [TestCase("", "seed 17")]
    [TestCase("17", "seed 17")]
    [TestCase("seed", "seed 17")]
    [TestCase("seed x", "seed 17")]
    [TestCase("seed 99999999999", "seed 17")]
    [TestCase("seed 1 late@5=20ms", "'late@5=20ms' is not a fault")]
    [TestCase("seed 1, delay@5=20ms", "seed 17")]
    [TestCase("seed 1 delay@5=1ms delay@5=2ms", "delay@5=1ms and delay@5=2ms")]
    public void Another_text_is_refused_with_what_is_wrong(string text, string message)
    {
        Assert.That(
            () => ChaosRecipe.Parse(text),
            Throws.TypeOf<FormatException>().With.Message.Contains(message));
        Assert.That(
            () => ChaosSearch.Replay(text, () => new Application(), _ => default),
            Throws.TypeOf<FormatException>());
    }

    private static Fault MakeFault(Random random, int number)
    {
        FaultKind kind = (FaultKind)random.Next(Enum.GetValues<FaultKind>().Length);
        long amount = kind == FaultKind.Accept
            ? (long)SocketError.ConnectionAborted
            : random.NextInt64(1L << random.Next(1, 40));
        return new Fault(kind, number, amount);
    }
}
