using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// An await allocates nothing in whichever way the runtime compiles the code that awaits. A cast of
/// an awaiter to its interface boxed it in code that was not optimized, and with recompilation by
/// profile in some runs for ever: 24 bytes an await.
/// </summary>
[Platform("Linux")]
[Category("Slow")]
public sealed class TieringTests
{
    [TestCase("DOTNET_TieredPGO=1", TestName = "As_by_default")]
    [TestCase("DOTNET_TieredPGO=0", TestName = "Without_a_profile")]
    [TestCase("DOTNET_TC_CallCounting=0", TestName = "Never_optimized")]
    [TestCase("DOTNET_TieredCompilation=0", TestName = "Optimized_at_once")]
    [TestCase("DOTNET_TieredPGO_InstrumentOnlyHotCode=0", TestName = "Instrumented_at_once")]
    public void Awaits_allocate_nothing_however_they_are_compiled(string setting)
    {
        AllocationTests.AssumeOptimized();
        using ChildProcess process = SignalProcess.Start("awaits", setting);
        Assert.That(process.ReadRest(), Is.EqualTo(new[]
        {
            "yield 0", "delay 0", "coroutine 0", "operation 0", "queue 0", "own 0",
        }), process.Errors);
    }
}
