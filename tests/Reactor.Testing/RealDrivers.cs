using Reactor.Drivers;

namespace Reactor.Testing;

/// <summary>
/// The drivers that ask the kernel of this machine, for tests that run on each of them.
/// </summary>
public static class RealDrivers
{
    /// <summary>Their names, as arguments of a test or of a fixture.</summary>
    public static IEnumerable<string> Names => LoopDrivers.Names;
}
