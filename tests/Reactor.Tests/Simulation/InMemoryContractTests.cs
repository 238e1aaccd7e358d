using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>The contract, kept by the in-memory driver.</summary>
public sealed class InMemoryContractTests : DriverContractTests
{
    private InMemoryDriver _driver = null!;

    protected override bool CanWatch => true;

    protected override LoopDriver CreateDriver() =>
        _driver = new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() });

    protected override ForeignDescriptor OpenForeign() => new Foreign(_driver.OpenDescriptor());

    protected override void AssertNothingIsLeft(LoopDriver driver)
    {
        var memory = (InMemoryDriver)driver;
        Assert.That((memory.OpenSockets, memory.OpenListeners), Is.EqualTo((0, 0)));
    }

    private sealed class Foreign : ForeignDescriptor
    {
        private readonly InMemoryDescriptor _descriptor;

        public Foreign(InMemoryDescriptor descriptor)
        {
            _descriptor = descriptor;
            descriptor.IsWritable = true;
        }

        public override SafeHandle Handle => _descriptor;

        public override void MakeReadable() => _descriptor.IsReadable = true;

        public override void Drain() => _descriptor.IsReadable = false;
    }
}
