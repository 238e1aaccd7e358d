using System.Diagnostics.CodeAnalysis;

namespace Reactor.Testing;

/// <summary>
/// Skips a test that cannot run here, with the reason; the end of a test run lists the reasons.
/// Instead of <c>Assume</c>, which leaves the test inconclusive and may have no reason.
/// </summary>
public static class Skip
{
    /// <summary>Ends the test as skipped unless a condition holds.</summary>
    /// <param name="condition">What the test needs.</param>
    /// <param name="reason">Why it cannot run otherwise, as in "this machine has no IPv6".</param>
    public static void Unless([DoesNotReturnIf(false)] bool condition, string reason)
    {
        if (!condition)
        {
            Assert.Ignore(reason);
            throw new InvalidOperationException(reason);
        }
    }
}
