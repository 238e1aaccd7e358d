namespace Reactor;

/// <summary>
/// How a loop spent the time of its runs (Node: <c>performance.eventLoopUtilization()</c>). A loop
/// that is always active is saturated, even if the machine is not.
/// </summary>
/// <param name="Active">The time in which it did not wait.</param>
/// <param name="Idle">The time in which it waited in a poll.</param>
public readonly record struct EventLoopUtilization(TimeSpan Active, TimeSpan Idle)
{
    /// <summary>The active part, 0 to 1; 0 if the loop has not run.</summary>
    public double Ratio => Active + Idle == TimeSpan.Zero ? 0 : Active / (Active + Idle);

    /// <summary>The time since an earlier reading of the same loop.</summary>
    public EventLoopUtilization Since(EventLoopUtilization earlier) =>
        new(Active - earlier.Active, Idle - earlier.Idle);
}
