using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>The contract, kept by the in-memory driver.</summary>
public sealed class InMemoryContractTests : DriverContractTests
{
    protected override LoopDriver CreateDriver() =>
        new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() });

    protected override void AssertNothingIsLeft(LoopDriver driver)
    {
        var memory = (InMemoryDriver)driver;
        Assert.That((memory.OpenSockets, memory.OpenListeners), Is.EqualTo((0, 0)));
    }
}
