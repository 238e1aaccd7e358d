using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// A watch of a replay, which posts the recorded readiness; the descriptor is not asked. Loop
/// thread only.
/// </summary>
internal sealed class ReplayWatch(
    ReplayMatcher replay, int number, SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    : DriverWatch(handle, onReadable, onWritable), IReplayObject
{
    private bool _isOpen;
    private bool _isClosed;

    /// <inheritdoc/>
    public bool IsOver => _isClosed;

    /// <inheritdoc/>
    public void Deliver(in RecordedEntry entry) => Complete((DriverReadiness)entry.Value);

    public void Open() => _isOpen = true;

    protected override void Post(LoopWork work) => replay.PostToLoop(work);

    protected override void OnInterestChanged()
    {
        if (_isOpen)
        {
            replay.Effect(
                EntryKind.Interest, number, $"the interest {Interest}",
                (int)Interest);
            replay.ThrowIfThrew(EntryKind.Interest, number);
        }
    }

    protected override void OnClosed()
    {
        _isClosed = true;
        if (_isOpen)
        {
            replay.Effect(EntryKind.Close, number, "the close", 0);
        }
    }
}
