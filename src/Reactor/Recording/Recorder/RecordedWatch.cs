using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Records the interest in a foreign descriptor and each readiness that was posted; what is read
/// from the descriptor is not recorded. Loop thread only.
/// </summary>
internal sealed class RecordedWatch(
    LoopRecording recording, int number, SafeHandle handle, LoopWork onReadable,
    LoopWork onWritable)
    : DriverWatch(handle, onReadable, onWritable)
{
    private readonly SafeHandle _handle = handle;
    private readonly LoopWork _onReadable = onReadable;
    private readonly LoopWork _onWritable = onWritable;
    private DriverWatch? _inner;

    /// <summary>Opens the watch of the driver.</summary>
    public void Open(LoopDriver driver) => _inner = driver.Watch(
        _handle,
        new Relay(this, DriverReadiness.Read, _onReadable),
        new Relay(this, DriverReadiness.Write, _onWritable));

    protected override void Post(LoopWork work) => recording.PostToLoop(work);

    protected override void OnInterestChanged()
    {
        if (_inner is not null)
        {
            recording.Effect(EntryKind.Interest, number, (int)Interest);
            try
            {
                _inner.Interest = Interest;
            }
            catch (Exception error)
            {
                recording.Threw(EntryKind.Interest, number, error);
                throw;
            }
        }
    }

    protected override void OnClosed()
    {
        if (_inner is not null)
        {
            recording.Effect(EntryKind.Close, number, 0);
            _inner.Close();
        }
    }

    private sealed class Relay(RecordedWatch watch, DriverReadiness ready, LoopWork work)
        : CompletionRelay
    {
        public override bool HasWaiters => !work.IsQueued;

        public override void OnCompleted()
        {
            watch.RecordReady(ready);
            watch.Complete(ready);
        }
    }

    private void RecordReady(DriverReadiness ready) =>
        recording.Effect(EntryKind.WatchReady, number, (int)ready);
}
