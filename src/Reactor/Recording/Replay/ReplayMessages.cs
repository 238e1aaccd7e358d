using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reactor.Recording;

/// <summary>
/// Holds each message of another thread until the turn in which it was recorded, and raises the
/// recorded signals. It waits a bounded real time for a message that has not arrived yet.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Wake"/>. Messages are matched by kind, number and order.
/// </remarks>
internal sealed class ReplayMessages(ReplayMatcher replay, TimeSpan timeout) : MessageGate
{
    private const string ExecutorJob = "executor job";
    private const string ProcessJob = "process job";

    private readonly ManualResetEventSlim _wake = new();
    private readonly List<LoopMessage> _arrived = [];
    private readonly List<Held> _held = [];
    private readonly List<(PosixSignal Signal, Action<PosixSignalContext>? Handler)> _listeners =
        [];

    private MessagePort? _port;

    /// <summary>The messages that have arrived and are not due yet, in words.</summary>
    public string DescribeHeld() =>
        string.Join(", ", _held.Take(3).Select(held => held.ToString()));

    /// <summary>A message may have arrived. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public override void Pass(MessagePort port)
    {
        _port = port;
        Take(port);
        while (!replay.IsOver && replay.Entry.Kind is EntryKind.Message or EntryKind.Signal)
        {
            if (replay.Entry.Kind == EntryKind.Signal)
            {
                Raise((int)replay.Entry.Value);
                replay.Next();
            }
            else
            {
                port.Queue(Await(port));
                replay.Next();
            }
        }

        if (_held.Count > 0 && !replay.IsOver)
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

        List<LoopWork> left = [.. _held.Select(held => held.Message.Work)];
        while (!replay.IsOver && replay.Entry.Kind is EntryKind.Message or EntryKind.Signal)
        {
            Find(replay.Entry, out _); // whether it came before the close is chance
            replay.Next();
        }

        // The recorded loop may have closed before a job was done.
        Held? extra = _held.Find(held => held.Key.Kind is not (ExecutorJob or ProcessJob));
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
        replay.ThrowIfThrew(EntryKind.Signal, _listeners.Count + 1);
        _listeners.Add((signal, handler));
        return new Listener(this, _listeners.Count - 1);
    }

    private LoopMessage Await(MessagePort port)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            _wake.Reset();
            Take(port);
            if (Find(replay.Entry, out LoopMessage message))
            {
                return message;
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero || !_wake.Wait(left))
            {
                Take(port);
                if (Find(replay.Entry, out message))
                {
                    return message;
                }

                string held = _held.Count == 0 ? "no message" : $"only {DescribeHeld()}";
                throw replay.Differ(
                    $"{held} of another thread within {timeout.TotalSeconds} seconds");
            }
        }
    }

    private void Take(MessagePort port)
    {
        port.TakeTo(_arrived);
        foreach (LoopMessage message in _arrived)
        {
            _held.Add(new Held(message, message.Work.MessageKey, Stopwatch.GetTimestamp()));
        }

        _arrived.Clear();
    }

    private bool Find(in RecordedEntry entry, out LoopMessage message)
    {
        string? kind = entry.Text;
        long number = entry.Value;
        int index = _held.FindIndex(held => held.Key.Kind == kind && held.Key.Number == number);
        message = index < 0 ? default : _held[index].Message;
        if (index >= 0)
        {
            _held.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Looks ahead, once, for a message that is held for long.</summary>
    private void CheckOldest()
    {
        foreach (Held held in _held)
        {
            if (held.IsChecked || Stopwatch.GetElapsedTime(held.ArrivedAt) < timeout)
            {
                continue;
            }

            held.IsChecked = true;
            if (!replay.WillReceive(held.Key))
            {
                throw replay.Differ($"the message {held}, which was not recorded");
            }
        }
    }

    // On a thread of its own: a handler may block, and posts as from the runtime's signal thread.
    private void Raise(int listener)
    {
        if (listener > 0 && listener <= _listeners.Count
            && _listeners[listener - 1] is (var signal, { } handler))
        {
            var thread = new Thread(() => handler(new PosixSignalContext(signal)))
            {
                IsBackground = true,
                Name = "reactor replayed signal",
            };
            thread.UnsafeStart();
        }
    }

    private sealed class Held(LoopMessage message, MessageKey key, long arrivedAt)
    {
        public LoopMessage Message => message;

        public MessageKey Key => key;

        public long ArrivedAt => arrivedAt;

        public bool IsChecked { get; set; }

        public override string ToString() => EntryText.OfMessage(key.Kind, key.Number);
    }

    private sealed class Listener(ReplayMessages messages, int index) : IDisposable
    {
        public void Dispose() =>
            messages._listeners[index] = (messages._listeners[index].Signal, null);
    }
}
