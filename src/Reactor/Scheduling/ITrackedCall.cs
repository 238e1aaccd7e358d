namespace Reactor;

/// <summary>
/// A call of a coroutine that debug mode keeps an eye on, because it may never be awaited. Its
/// frame, which this room does not know.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal interface ITrackedCall
{
    /// <summary>True until it is awaited, made a task, or discarded.</summary>
    bool IsCold { get; }

    /// <summary>Reports it if it is cold, once.</summary>
    void ReportIfCold();
}
