namespace Reactor.Tools.Loadgen;

/// <summary>
/// Reads something of a process when the window of a run opens and when it closes. The run calls
/// both on its loop, outside the window, so that the reading costs no measured request.
/// </summary>
internal interface IWindowObserver
{
    /// <summary>The window is about to open.</summary>
    void Begin();

    /// <summary>The window has closed.</summary>
    void End();
}
