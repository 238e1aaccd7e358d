using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Which signals a loop handles, and for whom: see <see cref="SignalEntry"/>. A signal that has
/// neither handler nor waits any more is given back to the process.
/// </summary>
/// <remarks>Loop thread only, except <see cref="Handles"/>.</remarks>
internal sealed class SignalTable
{
    private readonly ConcurrentDictionary<PosixSignal, SignalEntry> _entries = new();
    private long _lastNumber;

    /// <summary>True if the loop takes the signal. Any thread.</summary>
    public bool Handles(PosixSignal signal) => _entries.ContainsKey(signal);

    /// <summary>Sets the handler of a signal, in place of the one before.</summary>
    /// <param name="signal">Which one.</param>
    /// <param name="post">Posts the handler to the loop. Called on any thread.</param>
    public void Set(PosixSignal signal, Action post) =>
        Change(signal, entry => entry.SetHandler(post, ++_lastNumber));

    /// <summary>Takes a handler away; false if there was none.</summary>
    public bool Remove(PosixSignal signal)
    {
        signal = NameOf(signal);
        if (!_entries.TryGetValue(signal, out SignalEntry? entry))
        {
            return false;
        }

        bool isRemoved = entry.RemoveHandler();
        GiveBackIfUnused(signal, entry);
        return isRemoved;
    }

    /// <summary>Adds a wait to each of its signals, or to none if one of them is invalid.</summary>
    public void Add(SignalWait wait)
    {
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
    }

    /// <summary>Removes a wait that is over from its signals.</summary>
    public void Remove(SignalWait wait)
    {
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

    /// <summary>Gives all signals back.</summary>
    public void Clear()
    {
        foreach (SignalEntry entry in _entries.Values)
        {
            entry.Dispose();
        }

        _entries.Clear();
    }

    private void Change(PosixSignal signal, Action<SignalEntry> change)
    {
        signal = NameOf(signal);
        ThrowIfRuntimeNeeds(signal);
        if (_entries.TryGetValue(signal, out SignalEntry? known))
        {
            change(known);
            return;
        }

        // What takes the signal is there before the signal can come: else that would end us.
        var entry = new SignalEntry();
        change(entry);
        entry.Listen(signal);
        _entries[signal] = entry;
    }

    private void GiveBackIfUnused(PosixSignal signal, SignalEntry entry)
    {
        if (entry.IsUnused && _entries.TryRemove(signal, out _))
        {
            entry.Dispose();
        }
    }

    // A signal has a name, which is negative and the same everywhere, and its number here. These
    // four have one number on every Unix; who sets by name may remove by number.
    private static PosixSignal NameOf(PosixSignal signal) => (int)signal switch
    {
        1 => PosixSignal.SIGHUP,
        2 => PosixSignal.SIGINT,
        3 => PosixSignal.SIGQUIT,
        15 => PosixSignal.SIGTERM,
        _ => signal,
    };

    // SIGILL, SIGTRAP, SIGFPE, SIGSEGV and SIGBUS become exceptions, and with the first real-time
    // signal the runtime on Linux stops its threads for the collector. The system would let us take
    // them, and the process would hang or die at the next null reference.
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
