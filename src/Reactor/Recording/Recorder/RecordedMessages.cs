using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Records in which turn the messages of other threads were queued, and which signals came before.
/// The loop gets them as without a recording.
/// </summary>
/// <remarks>Threads as in <see cref="MessageGate"/>.</remarks>
internal sealed class RecordedMessages(LoopRecording recording) : MessageGate
{
    private readonly ConcurrentQueue<int> _signals = new();
    private readonly Lock _handling = new(); // held while a handler of a signal runs or changes
    private readonly List<LoopMessage> _arrived = [];
    private MessagePort? _port;
    private int _lastListener;
    private long _passesBetween;

    /// <inheritdoc/>
    public override void Pass(MessagePort port)
    {
        _port = port;
        bool isBetween = !recording.IsRunning;
        if (isBetween)
        {
            recording.OnUsed();
            _passesBetween++;
        }

        port.TakeTo(_arrived);
        if (_arrived.Count == 0)
        {
            return;
        }

        if (isBetween && recording.IsOn)
        {
            recording.Log.Begin(EntryKind.Between);
            recording.Log.Signed(_passesBetween);
            recording.Log.Commit();
        }

        // A signal comes before its messages, so this order does not miss one.
        RecordSignals();
        foreach (LoopMessage message in _arrived)
        {
            Record(message);
            port.Queue(message);
        }

        _arrived.Clear();
    }

    /// <inheritdoc/>
    public override bool HasEnded(Task task)
    {
        bool hasEnded = task.IsCompleted;
        Record(EntryKind.HasEnded, hasEnded);
        return hasEnded;
    }

    /// <inheritdoc/>
    public override bool IsCancelled(CancellationToken token)
    {
        bool isCancelled = token.IsCancellationRequested;
        Record(EntryKind.IsCancelled, isCancelled);
        return isCancelled;
    }

    /// <inheritdoc/>
    public override bool MustGoOn(long task, Action<Action>? onCompleted)
    {
        if (recording.IsRecordedThread)
        {
            recording.Log.Begin(EntryKind.ForeignWait);
            recording.Log.Signed(task);
            recording.Log.Commit();
        }

        return false;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LoopWork> TakeHeld()
    {
        var left = new List<LoopMessage>();
        _port?.TakeTo(left);
        RecordSignals();
        left.ForEach(Record);
        return [.. left.Select(message => message.Work)];
    }

    /// <summary>Listens for a signal of the driver, and notes when it comes.</summary>
    public IDisposable Listen(
        LoopDriver driver, PosixSignal signal, Action<PosixSignalContext> handler)
    {
        int number = _lastListener + 1; // a call that throws makes no listener
        IDisposable listener;
        try
        {
            listener = driver.ListenSignal(signal, heard =>
            {
                lock (_handling)
                {
                    _signals.Enqueue(number);
                    handler(heard);
                }
            });
        }
        catch (Exception error)
        {
            recording.Threw(EntryKind.ListenSignal, 0, error);
            throw;
        }

        _lastListener = number;
        if (recording.IsOn)
        {
            recording.Log.Begin(EntryKind.ListenSignal);
            recording.Log.Signed((long)signal);
            recording.Log.Commit();
        }

        return listener;
    }

    /// <summary>
    /// Records the signals that have come, and holds others back until the result is disposed of:
    /// each is handled either before a change of the handlers or after it, as in the file. Loop
    /// thread only.
    /// </summary>
    public IDisposable HoldSignals()
    {
        _handling.Enter();
        RecordSignals();
        return new HeldSignals(_handling);
    }

    private void RecordSignals()
    {
        while (_signals.TryDequeue(out int listener))
        {
            if (recording.IsOn)
            {
                recording.Log.Begin(EntryKind.Signal);
                recording.Log.Signed(listener);
                recording.Log.Commit();
            }
        }
    }

    private sealed class HeldSignals(Lock handling) : IDisposable
    {
        public void Dispose() => handling.Exit();
    }

    private void Record(EntryKind kind, bool answer)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind);
            recording.Log.Number(answer ? 1UL : 0);
            recording.Log.Commit();
        }
    }

    private void Record(LoopMessage message)
    {
        if (recording.IsOn)
        {
            MessageKey key = message.Work.MessageKey;
            recording.Log.Begin(EntryKind.Message);
            recording.Log.Name(key.Kind);
            recording.Log.Signed(key.Number);
            recording.Log.Commit();
        }
    }
}
