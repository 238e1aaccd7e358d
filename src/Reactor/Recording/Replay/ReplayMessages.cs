using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Recording;

/// <summary>
/// Holds each message of another thread until the turn in which it was recorded, and raises the
/// recorded signals. It waits a bounded real time for a message that has not arrived yet, and for
/// a foreign task that had ended.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Wake"/>. Messages are matched by kind, number and order.
/// </remarks>
internal sealed class ReplayMessages(ReplayMatcher replay, TimeSpan timeout) : MessageGate
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _wake = new();
    private readonly List<LoopMessage> _arrived = [];
    private readonly HeldMessages _held = new();
    private readonly List<(PosixSignal Signal, Action<PosixSignalContext> Handler)> _listeners =
        [];

    private MessagePort? _port;
    private Thread? _raised; // runs the handler of the last signal
    private long _passesBetween;

    /// <summary>The loop, once there is one.</summary>
    public EventLoop? Loop { get; set; }

    /// <summary>The messages that have arrived and are not due yet, in words.</summary>
    public string DescribeHeld() => _held.ToString();

    /// <summary>A message may have arrived. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public override bool IsReplay => true;

    /// <inheritdoc/>
    public override bool IsOver => replay.IsOver;

    /// <inheritdoc/>
    public override void Pass(MessagePort port)
    {
        _port = port;
        Take(port);
        if (Loop is { IsRunning: false })
        {
            replay.Owner.Claim();
            _passesBetween++;
            if (replay.IsOver || replay.Entry.Kind != EntryKind.Between
                || replay.Entry.Value != _passesBetween)
            {
                return; // a later call got the recorded messages
            }

            replay.Next();
        }

        while (!replay.IsOver && replay.Entry.Kind is EntryKind.Message or EntryKind.Signal)
        {
            if (replay.Entry.Kind == EntryKind.Signal)
            {
                Raise();
            }
            else
            {
                port.Queue(Await(port));
                replay.Next();
            }
        }

        if (!replay.IsOver)
        {
            CheckOldest();
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LoopWork> TakeHeld()
    {
        if (_port is { } port)
        {
            Take(port);
        }

        List<LoopWork> left = [.. _held.All.Select(held => held.Message.Work)];
        while (!replay.IsOver && replay.Entry.Kind is EntryKind.Message or EntryKind.Signal)
        {
            _held.TryTake(replay.Entry, out _); // whether it came before the close is chance
            replay.Next();
        }

        // The recorded loop may have closed before a job was done.
        HeldMessage? extra = _held.All.FirstOrDefault(held => !held.IsUncertain);
        if (extra is not null && !replay.IsOver && replay.Entry.Kind == EntryKind.End)
        {
            replay.Differ($"the message {extra}, which was not recorded");
        }

        _held.Clear();
        return left;
    }

    /// <summary>Registers a handler that only recorded signals call.</summary>
    public IDisposable Listen(PosixSignal signal, Action<PosixSignalContext> handler)
    {
        if (!replay.IsOver)
        {
            replay.ThrowIfThrew(EntryKind.ListenSignal, 0);
            string requested = EntryText.OfListenSignal((long)signal);
            replay.Check(
                replay.Take(EntryKind.ListenSignal, 0, requested).Value == (long)signal,
                requested);
            replay.Next();
        }

        _listeners.Add((signal, handler));
        return new Listener();
    }

    /// <summary>
    /// Raises the signals that were recorded here, and lets their handlers end before they change.
    /// </summary>
    public void RaiseSignals()
    {
        while (!replay.IsOver && replay.Entry.Kind == EntryKind.Signal)
        {
            Raise();
        }

        _raised?.Join(timeout);
        _raised = null;
    }

    /// <inheritdoc/>
    public override bool HasEnded(Task task)
    {
        if (replay.IsOver)
        {
            return task.IsCompleted;
        }

        bool hadEnded = replay.Take(
            EntryKind.HasEnded, 0, EntryText.OfTask(task.IsCompleted)).Value != 0;
        if (hadEnded && !task.IsCompleted)
        {
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_wake.Set);
            if (!WaitUntil(() => task.IsCompleted))
            {
                throw replay.Differ(
                    $"{EntryText.OfTask(false)} within {timeout.TotalSeconds} seconds");
            }
        }

        replay.Next();
        return hadEnded;
    }

    /// <inheritdoc/>
    public override bool IsCancelled(CancellationToken token)
    {
        bool isCancelled = token.IsCancellationRequested;
        if (replay.IsOver)
        {
            return isCancelled;
        }

        bool wasCancelled = replay.Take(
            EntryKind.IsCancelled, 0, EntryText.OfToken(isCancelled)).Value != 0;
        if (wasCancelled && !isCancelled)
        {
            using CancellationTokenRegistration wake = token.UnsafeRegister(
                static wake => ((ManualResetEventSlim)wake!).Set(), _wake);
            if (!WaitUntil(() => token.IsCancellationRequested))
            {
                throw replay.Differ(
                    $"{EntryText.OfToken(false)} within {timeout.TotalSeconds} seconds");
            }
        }

        replay.Next();
        return wasCancelled;
    }

    /// <inheritdoc/>
    public override bool MustGoOn(long task, Action<Action>? onCompleted)
    {
        if (replay.IsOver || replay.Entry.Kind == EntryKind.None)
        {
            return false;
        }

        if (replay.Entry.Kind == EntryKind.ForeignWait && replay.Entry.Value == task)
        {
            replay.Next();
            return false;
        }

        // Each such await takes a part of the stack.
        bool hasEnded = false;
        if (onCompleted is not null && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            CallWithoutContext(onCompleted, () =>
            {
                Volatile.Write(ref hasEnded, true);
                _wake.Set();
            });
            WaitUntil(() => Volatile.Read(ref hasEnded));
        }

        return hasEnded ? true : throw replay.Differ(EntryText.OfForeignWait(task));
    }

    /// <summary>The continuation runs where the object ends: it is no message.</summary>
    private static void CallWithoutContext(Action<Action> onCompleted, Action continuation)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            onCompleted(continuation);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private LoopMessage Await(MessagePort port)
    {
        LoopMessage message = default;
        bool hasCome = WaitUntil(() =>
        {
            Take(port);
            return _held.TryTake(replay.Entry, out message);
        });
        if (!hasCome)
        {
            string held = _held.Count == 0 ? "no message" : $"only {_held}";
            throw replay.Differ(
                $"{held} of another thread within {timeout.TotalSeconds} seconds");
        }

        return message;
    }

    /// <summary>Waits a bounded real time for something that another thread does.</summary>
    private bool WaitUntil(Func<bool> hasCome)
    {
        TimeSpan waited = TimeSpan.Zero;
        while (true)
        {
            _wake.Reset();
            if (hasCome())
            {
                return true;
            }

            if (waited >= timeout)
            {
                return false;
            }

            long begin = Stopwatch.GetTimestamp();
            TimeSpan left = timeout - waited;
            _wake.Wait(left < s_look ? left : s_look);
            if (!Debugger.IsAttached && !IsJobUnderWay(replay.Entry))
            {
                waited += Stopwatch.GetElapsedTime(begin);
            }
        }
    }

    // Work of an executor may take as long as it does; a job that was not submitted never comes.
    private bool IsJobUnderWay(in RecordedEntry entry) =>
        entry.Kind == EntryKind.Message && HeldMessage.IsJobKind(entry.Text!)
        && Loop is { } loop
        && entry.Value <= loop.LastJobNumber;

    private void Take(MessagePort port)
    {
        port.TakeTo(_arrived);
        _arrived.ForEach(_held.Add);
        _arrived.Clear();
    }

    /// <summary>Looks ahead, once, for a message that is held for long.</summary>
    private void CheckOldest()
    {
        while (!Debugger.IsAttached && _held.TryNextUnchecked(timeout, out HeldMessage? held))
        {
            if (!held.CouldBe.Any(replay.WillReceive))
            {
                throw replay.Differ($"the message {held}, which was not recorded");
            }
        }
    }

    // On a thread of its own: a handler may block, and posts as from the runtime's signal thread.
    // One after another, as recorded. Also of a listener that was disposed of since: its handler
    // was called nevertheless.
    private void Raise()
    {
        int index = (int)replay.Entry.Value - 1;
        replay.Next();
        if (index < 0 || index >= _listeners.Count)
        {
            throw new RecordingException("The recording has a signal without a handler.");
        }

        (PosixSignal signal, Action<PosixSignalContext> handler) = _listeners[index];
        Thread? before = _raised;
        _raised = new Thread(() =>
        {
            before?.Join(timeout);
            handler(new PosixSignalContext(signal));
        })
        {
            IsBackground = true,
            Name = "reactor replayed signal",
        };
        _raised.UnsafeStart();
    }

    private sealed class Listener : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
