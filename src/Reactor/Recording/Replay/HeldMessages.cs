using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Recording;

/// <summary>
/// The messages of other threads that have arrived before their recorded turns, by key and in the
/// order of arrival. Taking one is O(1). Loop thread only.
/// </summary>
internal sealed class HeldMessages
{
    private readonly LinkedList<HeldMessage> _all = [];
    private readonly Dictionary<MessageKey, Queue<LinkedListNode<HeldMessage>>> _byKey = [];
    private readonly Queue<HeldMessage> _unchecked = [];

    public int Count => _all.Count;

    public IEnumerable<HeldMessage> All => _all;

    public void Add(LoopMessage message)
    {
        var held = new HeldMessage(message);
        if (!_byKey.TryGetValue(held.Key, out Queue<LinkedListNode<HeldMessage>>? equal))
        {
            _byKey[held.Key] = equal = [];
        }

        equal.Enqueue(_all.AddLast(held));
        if (!held.IsUncertain)
        {
            _unchecked.Enqueue(held);
        }
    }

    /// <summary>Takes the first message with the key of an entry.</summary>
    public bool TryTake(in RecordedEntry entry, out LoopMessage message)
    {
        var key = new MessageKey(entry.Text!, entry.Value);
        if (!TryTake(key, out HeldMessage? held))
        {
            held = _all.FirstOrDefault(other => other.IsDroppedOf(key));
            if (held is not null)
            {
                TryTake(held.Key, out held); // the first with an equal key is the same
            }
        }

        message = held?.Message ?? default;
        return held is not null;
    }

    /// <summary>The next message that is held for longer than a time, once for each.</summary>
    public bool TryNextUnchecked(TimeSpan time, [NotNullWhen(true)] out HeldMessage? held)
    {
        while (_unchecked.TryPeek(out held))
        {
            if (!held.IsTaken && Stopwatch.GetElapsedTime(held.ArrivedAt) < time)
            {
                return false;
            }

            _unchecked.Dequeue();
            if (!held.IsTaken)
            {
                return true;
            }
        }

        return false;
    }

    public void Clear()
    {
        _all.Clear();
        _byKey.Clear();
        _unchecked.Clear();
    }

    /// <summary>The first three, in words.</summary>
    public override string ToString() => string.Join(", ", _all.Take(3));

    private bool TryTake(MessageKey key, [NotNullWhen(true)] out HeldMessage? held)
    {
        held = null;
        if (!_byKey.TryGetValue(key, out Queue<LinkedListNode<HeldMessage>>? equal))
        {
            return false;
        }

        LinkedListNode<HeldMessage> node = equal.Dequeue();
        if (equal.Count == 0)
        {
            _byKey.Remove(key);
        }

        _all.Remove(node);
        held = node.Value;
        held.IsTaken = true;
        return true;
    }
}

/// <summary>A message that waits for its recorded turn. Loop thread only.</summary>
internal sealed class HeldMessage(LoopMessage message)
{
    public LoopMessage Message => message;

    public MessageKey Key { get; } = message.Work.MessageKey;

    public long ArrivedAt { get; } = Stopwatch.GetTimestamp();

    public bool IsTaken { get; set; }

    /// <summary>
    /// True for the end of a job or task or a cancelled token, for which the recorded loop may not
    /// have waited, and for a handle that was cancelled: it need not be in the recording.
    /// </summary>
    public bool IsUncertain => IsJobKind(Key.Kind)
        || Key.Kind is "awaited task" or TokenWatch<Unit>.MessageKind
        || Key.Kind.EndsWith(LoopHandle.Dropped, StringComparison.Ordinal);

    /// <summary>The keys by which it may have been recorded.</summary>
    public MessageKey[] CouldBe => message.Work is LoopHandle
        ? [Key, new MessageKey($"{KindOf(Key)} {LoopHandle.Dropped}")]
        : [Key];

    public static bool IsJobKind(string kind) => kind is "executor job" or "process job";

    /// <summary>
    /// True if one of both is a handle whose callback was dropped, so that any of its kind may be
    /// it.
    /// </summary>
    public bool IsDroppedOf(MessageKey recorded) => message.Work is LoopHandle
        && (recorded.Kind.EndsWith(LoopHandle.Dropped, StringComparison.Ordinal)
            || Key.Kind.EndsWith(LoopHandle.Dropped, StringComparison.Ordinal))
        && KindOf(recorded) == KindOf(Key);

    public override string ToString() => EntryText.OfMessage(Key.Kind, Key.Number);

    private static string KindOf(MessageKey key) => key.Kind.Split(' ')[0];
}
