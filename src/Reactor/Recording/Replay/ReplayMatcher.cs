namespace Reactor.Recording;

/// <summary>
/// Matches the calls of a replayed loop with the entries of its recording: each call must equal the
/// next entry and returns its outcome; the first that differs ends the replay.
/// </summary>
/// <remarks>Loop thread only, except <see cref="IsLoopThread"/>.</remarks>
internal sealed class ReplayMatcher(RecordingFile file, Action<LoopWork> post) : IDisposable
{
    private readonly EntryReader _entries = new(file);
    private readonly List<IReplayObject?> _objects = [null];
    private int _threadId = Environment.CurrentManagedThreadId;
    private bool _isClosed;

    /// <summary>Makes the report of a difference; set with the loop.</summary>
    public Func<string, LoopReplayException> Report { get; set; } =
        static requested => new LoopReplayException(requested);

    public LoopReplayException? Difference { get; private set; }

    /// <summary>True once every entry was matched, or the recording has no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Number of matched entries.</summary>
    public long Entries { get; private set; }

    /// <summary>True after a difference or the end: calls that only release do nothing.</summary>
    public bool IsOver => Difference is not null || HasEnded || _isClosed;

    /// <summary>True on the loop's thread while the loop is open. Any thread.</summary>
    public bool IsLoopThread =>
        Environment.CurrentManagedThreadId == Volatile.Read(ref _threadId) && !_isClosed;

    public ref readonly RecordedEntry Entry => ref _entries.Entry;

    public ReadOnlySpan<byte> Data => _entries.Data;

    /// <summary>The number of the next entry, and the entry in words.</summary>
    public (long Number, string Text) Shown => (_entries.Number, EntryText.Of(_entries));

    /// <summary>The number of the object that is made next.</summary>
    public int NextObject => _objects.Count;

    public T Add<T>(T made)
        where T : IReplayObject
    {
        _objects.Add(made);
        return made;
    }

    public void PostToLoop(LoopWork work) => post(work);

    /// <summary>A run begins on this thread.</summary>
    public void BeginRun() => Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);

    /// <summary>The next entry, which must be of a kind and an object.</summary>
    public ref readonly RecordedEntry Take(
        EntryKind kind, int number, string requested, TimeSpan? deadline = null)
    {
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
    }

    /// <summary>Moves behind a matched entry.</summary>
    public void Next()
    {
        Entries++;
        _entries.Advance();
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

    /// <summary>Delivers the completions that follow a poll or a call with an effect.</summary>
    public void Deliver()
    {
        while (Entry.Kind is EntryKind.Completed or EntryKind.SendCompleted or EntryKind.WatchReady)
        {
            RecordedEntry entry = Entry;
            Next();
            _objects[entry.Object]!.Deliver(entry);
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
        using EntryReader ahead = _entries.Fork();
        while (ahead.Entry.Kind != EntryKind.None)
        {
            if (ahead.Entry.Kind == EntryKind.Message && ahead.Entry.Text == key.Kind
                && ahead.Entry.Value == key.Number)
            {
                return true;
            }

            ahead.Advance();
        }

        return false;
    }

    /// <summary>The loop has closed: nothing may be left but the end.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        if (!IsOver && Entry.Kind is not EntryKind.None and not EntryKind.End)
        {
            Differ("the end of the program");
        }

        HasEnded |= Difference is null;
        _isClosed = true;
        _entries.Dispose();
    }
}
