using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The signals that a loop handles, see <see cref="SignalEntry"/>. A signal that has neither a
/// handler nor waits any more is given back to the process.
/// </summary>
/// <remarks>Loop thread only, except <see cref="Handles"/>.</remarks>
internal sealed class SignalTable(CoroutineScheduler scheduler, LoopDriver driver)
{
    private readonly ConcurrentDictionary<PosixSignal, SignalEntry> _entries = new();
    private long _lastNumber;

    /// <summary>True if the loop handles the signal. Any thread.</summary>
    public bool Handles(PosixSignal signal) => _entries.ContainsKey(signal);

    /// <summary>Sets the handler of a signal; it runs as a callback of the loop.</summary>
    public void Set<TState>(
        PosixSignal signal, Action<TState> callback, TState state, string? file, int line)
    {
        ArgumentNullException.ThrowIfNull(callback);
        LoopContext context = LoopContext.Capture();
        Change(signal, entry => entry.SetHandler(Post, ++_lastNumber));

        void Post(MessageKey key) => scheduler.PostThreadSafe(
            new SignalCallback<TState>(scheduler, callback, state, key, context, file, line));
    }

    public bool Remove(PosixSignal signal)
    {
        signal = NameOf(signal);
        if (!_entries.TryGetValue(signal, out SignalEntry? entry))
        {
            return false;
        }

        using IDisposable? held = driver.HoldSignals();
        bool isRemoved = entry.RemoveHandler();
        GiveBackIfUnused(signal, entry);
        return isRemoved;
    }

    public Future<PosixSignal> NextAsync(IReadOnlyList<PosixSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var next = new SignalPromise(scheduler, driver);
        var wait = new SignalWait(next, signals);
        try
        {
            foreach (PosixSignal signal in wait.Signals)
            {
                Change(signal, entry => entry.Add(wait, signal, ++_lastNumber));
            }
        }
        catch (Exception)
        {
            Remove(wait);
            throw;
        }

        next.AddDoneCallback(_ => Remove(wait));
        return next;
    }

    public void Clear()
    {
        foreach (SignalEntry entry in _entries.Values)
        {
            entry.Dispose();
        }

        _entries.Clear();
    }

    private void Remove(SignalWait wait)
    {
        using IDisposable? held = driver.HoldSignals();
        foreach (PosixSignal given in wait.Signals)
        {
            PosixSignal signal = NameOf(given);
            if (_entries.TryGetValue(signal, out SignalEntry? entry))
            {
                entry.Remove(wait);
                GiveBackIfUnused(signal, entry);
            }
        }
    }

    private void Change(PosixSignal signal, Action<SignalEntry> change)
    {
        signal = NameOf(signal);
        ThrowIfRuntimeNeeds(signal);
        using IDisposable? held = driver.HoldSignals();
        if (_entries.TryGetValue(signal, out SignalEntry? known))
        {
            change(known);
            return;
        }

        // The handler comes before the registration: a signal in between would end the process.
        var entry = new SignalEntry();
        change(entry);
        entry.Listen(signal, driver);
        _entries[signal] = entry;
    }

    private void GiveBackIfUnused(PosixSignal signal, SignalEntry entry)
    {
        if (entry.IsUnused && _entries.TryRemove(signal, out _))
        {
            entry.Dispose();
        }
    }

    // A signal has the platform's number, and a negative one that is the same everywhere. The
    // numbers of these four are the same on every Unix.
    private static PosixSignal NameOf(PosixSignal signal) => (int)signal switch
    {
        1 => PosixSignal.SIGHUP,
        2 => PosixSignal.SIGINT,
        3 => PosixSignal.SIGQUIT,
        15 => PosixSignal.SIGTERM,
        _ => signal,
    };

    /// <summary>A wait for signals, which sees none once it is cancelled.</summary>
    private sealed class SignalPromise(CoroutineScheduler scheduler, LoopDriver driver)
        : Promise<PosixSignal>(scheduler)
    {
        /// <inheritdoc/>
        public override bool Cancel(string? message = null)
        {
            using IDisposable? held = driver.HoldSignals();
            return base.Cancel(message);
        }
    }

    // SIGILL, SIGTRAP, SIGFPE, SIGSEGV and SIGBUS become exceptions, and on Linux the collector
    // stops threads with the first real-time signal. With a handler the process would hang or die.
    private static void ThrowIfRuntimeNeeds(PosixSignal signal)
    {
        bool isLinux = OperatingSystem.IsLinux();
        int bus = isLinux ? 7 : 10;
        int number = (int)signal;
        if (number is 4 or 5 or 8 or 11 || number == bus || (isLinux && number == 34))
        {
            throw new InvalidOperationException(
                $"The signal {number} cannot be caught: the .NET runtime needs it itself.");
        }
    }
}
