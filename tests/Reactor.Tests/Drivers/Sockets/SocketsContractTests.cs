using Reactor.Drivers;

namespace Reactor.Tests.Drivers;

/// <summary>
/// The contract, kept by the sockets driver on the real kernel;
/// <see cref="InlineCompletionsTests"/> runs this fixture once more, with the runtime's inline
/// completions.
/// </summary>
public sealed class SocketsContractTests : DriverContractTests
{
    protected override LoopDriver CreateDriver() => new SocketsDriver();
}
