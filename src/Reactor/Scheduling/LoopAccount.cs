namespace Reactor;

/// <summary>
/// What the time of a task's steps is charged to, while <c>LoopCosts</c> measures. The tasks that
/// it creates inherit it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal abstract class LoopAccount
{
    /// <summary>True once a task has inherited it: it may be charged at any later time.</summary>
    public bool IsShared { get; set; }

    /// <summary>Charges ticks for which a work, or a part of one, held the loop thread.</summary>
    /// <param name="ticks">The ticks.</param>
    /// <param name="step">The step; null for a callback of a plain async method.</param>
    public abstract void Charge(long ticks, TaskStep? step);
}
