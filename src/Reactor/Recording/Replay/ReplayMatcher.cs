namespace Reactor.Recording;

/// <summary>
/// Matches the calls of a replayed loop with the entries of its recording: each call must equal the
/// next entry and returns its outcome; the first that differs ends the replay.
/// </summary>
/// <remarks>Loop thread only, except <see cref="IsLoopThread"/>.</remarks>
internal sealed class ReplayMatcher(RecordingFile file, Action<LoopWork> post) : IDisposable
{
    private readonly EntryReader _entries = new(file);
    private readonly Dictionary<int, IReplayObject> _objects = [];
    private int _lastObject;
    private Dictionary<MessageKey, long>? _lastOf;

    /// <summary>Makes the report of a difference.</summary>
    public required Func<string, LoopReplayException> Report { get; set; }

    /// <summary>Reports what the recorded driver reported.</summary>
    public required Action<string> OnReported { get; init; }

    public LoopReplayException? Difference { get; private set; }

    /// <summary>True once every entry was matched, or the recording has no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Number of matched entries.</summary>
    public long Entries { get; private set; }

    /// <summary>A block with a good check sum that cannot be decoded; it ends the log.</summary>
    public RecordingException? Damage { get; private set; }

    /// <summary>Why the file is not the whole run, once it was read; null: it is.</summary>
    public string? Shortfall => file.Shortfall;

    /// <inheritdoc cref="LoopReplay.DamagedAt"/>
    public long? DamagedAt => file.DamagedAt;

    /// <summary>True after a difference or the end: calls that only release do nothing.</summary>
    public bool IsOver => Difference is not null || HasEnded || IsClosed;

    /// <summary>True once the loop has closed: calls get an answer of their own.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True on the loop's thread while the loop is open. Any thread.</summary>
    public bool IsLoopThread => Owner.IsCurrent && !IsClosed;

    public OwnerThread Owner { get; } = new();

    public ref readonly RecordedEntry Entry => ref _entries.Entry;

    public ReadOnlySpan<byte> Data => _entries.Data;

    /// <summary>The number of the next entry, and the entry in words.</summary>
    public (long Number, string Text) Shown => (_entries.Number, EntryText.Of(_entries));

    /// <summary>The number of the object that is made next.</summary>
    public int NextObject => _lastObject + 1;

    public T Add<T>(T made)
        where T : IReplayObject
    {
        _objects.Add(++_lastObject, made);
        return made;
    }

    public void PostToLoop(LoopWork work) => post(work);

    /// <summary>
    /// True on the loop's thread while entries are matched: then <see cref="OwnerThread.Exit"/>
    /// follows.
    /// </summary>
    public bool TryEnter()
    {
        if (IsOver || !Owner.TryEnter())
        {
            return false;
        }

        bool isOver = IsOver;
        if (isOver)
        {
            Owner.Exit();
        }

        return !isOver;
    }

    /// <summary>The next entry, which must be of a kind and an object.</summary>
    public ref readonly RecordedEntry Take(
        EntryKind kind, int number, string requested, TimeSpan? deadline = null)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ref readonly RecordedEntry entry = ref _entries.Entry;
        if (entry.Kind == kind && (number == 0 || entry.Object == number)
            && Difference is null)
        {
            return ref entry;
        }

        throw Differ(
            requested.Length == 0 ? EntryText.OfPoll(deadline)
            : number == 0 ? requested
            : $"{requested} of object {number}");
    }

    /// <summary>
    /// Matches a call that only has an effect; does nothing once the replay is over.
    /// </summary>
    public void Effect(EntryKind kind, int number, string requested, int value = 0)
    {
        if (!IsOver && Entry.Kind == EntryKind.None)
        {
            HasEnded = true; // it may be a release outside the loop: the next poll throws
        }

        if (!IsOver)
        {
            Check(Take(kind, number, requested).Value == value, requested);
            Next();
            Deliver();
        }

        ReleaseIfOver(number);
    }

    /// <summary>Moves behind a matched entry.</summary>
    public void Next()
    {
        Entries++;
        try
        {
            _entries.Advance();
        }
        catch (RecordingException error)
        {
            // Not from here: the program may take it for an error of its I/O.
            Damage = error;
            _entries.End();
        }
    }

    public void Check(bool isSame, string requested)
    {
        if (!isSame)
        {
            throw Differ(requested);
        }
    }

    /// <summary>Throws what the recorded call threw.</summary>
    public void ThrowIfThrew(EntryKind call, int number)
    {
        if (Entry.Kind == EntryKind.Threw && Entry.Value == (int)call && Entry.Object == number)
        {
            Exception error = ThrownCall.Make(Entry);
            Next();
            throw error;
        }
    }

    /// <summary>
    /// Delivers the completions and reports that follow a poll or a call with an effect.
    /// </summary>
    public void Deliver()
    {
        while (!IsOver && Entry.Kind is EntryKind.Completed or EntryKind.SendCompleted
            or EntryKind.WatchReady or EntryKind.Reported)
        {
            RecordedEntry entry = Entry;
            Next();
            if (entry.Kind == EntryKind.Reported)
            {
                OnReported(entry.Text!); // the error handler may call the loop
            }
            else if (_objects.TryGetValue(entry.Object, out IReplayObject? completed))
            {
                completed.Deliver(entry);
                ReleaseIfOver(entry.Object);
            }
        }
    }

    /// <summary>The exception for a request that differs, or for the end.</summary>
    public LoopAbortException Differ(string requested)
    {
        if (Difference is not null)
        {
            return Difference;
        }

        if (Entry.Kind == EntryKind.None)
        {
            HasEnded = true;
            return new LoopReplayEndedException(Entries);
        }

        return Difference = Report(requested);
    }

    /// <summary>True if a message of a key follows in the recording.</summary>
    public bool WillReceive(MessageKey key)
    {
        _lastOf ??= ReadAhead();
        return _lastOf.TryGetValue(key, out long last) && last >= _entries.Number;
    }

    /// <summary>The last entry of each message that follows.</summary>
    private Dictionary<MessageKey, long> ReadAhead()
    {
        Dictionary<MessageKey, long> lastOf = [];
        using EntryReader ahead = _entries.Fork();
        while (ahead.Entry.Kind != EntryKind.None)
        {
            if (ahead.Entry.Kind == EntryKind.Message)
            {
                lastOf[new MessageKey(ahead.Entry.Text!, ahead.Entry.Value)] = ahead.Number;
            }

            ahead.Advance();
        }

        return lastOf;
    }

    private void ReleaseIfOver(int number)
    {
        if (_objects.TryGetValue(number, out IReplayObject? released) && released.IsOver)
        {
            _objects.Remove(number);
        }
    }

    /// <summary>The program has ended: nothing may be left but the end.</summary>
    /// <param name="isClosed">True if its loop has closed.</param>
    public void EndProgram(bool isClosed)
    {
        bool isEnd = Entry.Kind == EntryKind.None || (isClosed && Entry.Kind == EntryKind.End);
        if (!IsOver && !isEnd)
        {
            Differ("the end of the program");
        }
        else if (!IsOver && Entry.Kind == EntryKind.End)
        {
            Next();
        }

        HasEnded |= Difference is null;
    }

    /// <summary>The loop has closed.</summary>
    public void Dispose()
    {
        if (!IsClosed)
        {
            EndProgram(isClosed: true);
            IsClosed = true;
            _entries.Dispose();
        }
    }
}
