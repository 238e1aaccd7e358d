using Reactor.Drivers;

namespace Reactor.Tests.Drivers;

/// <summary>The contract, kept by the epoll driver on the real kernel.</summary>
[Platform("Linux")]
public sealed class EpollContractTests : DriverContractTests
{
    protected override bool CanWatch => true;

    protected override LoopDriver CreateDriver() => new EpollDriver();
}
