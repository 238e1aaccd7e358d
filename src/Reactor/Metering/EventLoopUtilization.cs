namespace Reactor;

/// <summary>
/// How a loop spent its time: at work, or waiting in a poll for something to do (Node:
/// <c>performance.eventLoopUtilization()</c>). A value; any thread.
/// </summary>
/// <param name="Active">Time in which the loop ran and did not wait.</param>
/// <param name="Idle">Time in which it waited for I/O, a timer or another thread.</param>
/// <remarks>
/// Time between two runs is neither. A loop that is always active has no time left for one request
/// more, however little of the machine it uses.
/// </remarks>
public readonly record struct EventLoopUtilization(TimeSpan Active, TimeSpan Idle)
{
    /// <summary>The active part, from 0 to 1; 0 if the loop has not run.</summary>
    public double Ratio => Active + Idle == TimeSpan.Zero ? 0 : Active / (Active + Idle);

    /// <summary>The same for the time since an earlier reading of the same loop.</summary>
    public EventLoopUtilization Since(EventLoopUtilization earlier) =>
        new(Active - earlier.Active, Idle - earlier.Idle);
}
