using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// The instrument of a loop that another thread adds: at once if the loop does not run, else the
/// loop adds it in its next turn. Until then there are no events. Any thread.
/// </summary>
/// <param name="loop">The inspected loop.</param>
/// <param name="options">The bound of the events.</param>
/// <param name="names">The texts of the events.</param>
internal sealed class LateInstrument(EventLoop loop, InspectorOptions options, TraceNames names)
{
    private readonly Lock _lock = new();
    private volatile TraceInstrument? _trace;
    private bool _isDetached;

    /// <summary>The texts of the events.</summary>
    public TraceNames Names => names;

    /// <summary>The time of the trace; 0 before its begin.</summary>
    public long Time => _trace?.Time ?? 0;

    public void Attach() => OnLoop(() =>
    {
        lock (_lock)
        {
            if (!_isDetached)
            {
                _trace = TraceInstrument.Attach(
                    loop, new TraceOptions { EventsMax = options.EventsMax }, names);
            }
        }
    });

    public void Detach() => OnLoop(() =>
    {
        lock (_lock)
        {
            _isDetached = true;
            _trace?.Detach();
        }
    });

    /// <summary>Moves the events to the end of a list. The inspector's thread.</summary>
    public void DrainTo(List<TraceEvent> target) => _trace?.DrainTo(target);

    private void OnLoop(Action action)
    {
        if (loop.IsClosed)
        {
            return; // its instruments are closed with it
        }

        if (!loop.IsRunning || ReferenceEquals(EventLoop.TryGetCurrent(), loop))
        {
            action();
        }
        else
        {
            loop.PostThreadSafe(new Message(loop, action));
        }
    }

    /// <summary>A message that is part of no recording: a replay has no inspector.</summary>
    private sealed class Message(EventLoop loop, Action action) : LoopWork
    {
        internal override bool IsIncidental => true;

        public override void Run()
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                loop.Report(new LoopErrorContext
                {
                    Message = "The inspector cannot observe the loop.",
                    Exception = error,
                });
            }
        }

        public override string ToString() => "inspector";
    }
}
