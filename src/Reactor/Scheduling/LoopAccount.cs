namespace Reactor;

/// <summary>
/// What the time of a task's steps is charged to, while <c>LoopCosts</c> measures. The tasks that
/// it creates inherit it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal abstract class LoopAccount
{
    /// <summary>True once a task has inherited it: time may be charged at any later moment.</summary>
    public bool IsShared { get; set; }

    /// <summary>Charges ticks for which a step, or a part of one, held the loop thread.</summary>
    public abstract void Charge(long ticks, TaskStep step);
}
