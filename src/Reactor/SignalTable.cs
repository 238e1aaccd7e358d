using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Which signals a loop handles. The runtime calls a handler on some thread of its pool; what it is
/// given here only decides and posts, so that user code runs on the loop thread alone.
/// </summary>
/// <remarks>Loop thread only, except <see cref="Handles"/>.</remarks>
internal sealed class SignalTable
{
    private readonly ConcurrentDictionary<PosixSignal, PosixSignalRegistration> _handlers = new();

    /// <summary>True if the signal has a handler. Any thread.</summary>
    public bool Handles(PosixSignal signal) => _handlers.ContainsKey(signal);

    /// <summary>Sets what hears a signal, in place of what heard it before.</summary>
    /// <param name="signal">Which one.</param>
    /// <param name="tryTake">
    /// Called on any thread; false leaves the signal to its default action.
    /// </param>
    /// <returns>What <see cref="Remove(PosixSignal, object)"/> knows it by.</returns>
    public object Set(PosixSignal signal, Func<bool> tryTake)
    {
        signal = NameOf(signal);
        ThrowIfRuntimeNeeds(signal);
        PosixSignalRegistration added = Register(signal, tryTake);

        // The new one listens before the old one stops: between them the signal would end us.
        _handlers.TryGetValue(signal, out PosixSignalRegistration? old);
        _handlers[signal] = added;
        old?.Dispose();
        return added;
    }

    /// <summary>Takes a handler away; false if there was none.</summary>
    public bool Remove(PosixSignal signal)
    {
        if (!_handlers.TryRemove(NameOf(signal), out PosixSignalRegistration? handler))
        {
            return false;
        }

        handler.Dispose();
        return true;
    }

    /// <summary>Takes a handler away, unless another has taken its place.</summary>
    public void Remove(PosixSignal signal, object handler)
    {
        if (_handlers.TryGetValue(NameOf(signal), out PosixSignalRegistration? present)
            && ReferenceEquals(present, handler))
        {
            Remove(signal);
        }
    }

    /// <summary>Takes all of them away.</summary>
    public void Clear()
    {
        foreach (PosixSignal signal in _handlers.Keys)
        {
            Remove(signal);
        }
    }

    private static PosixSignalRegistration Register(PosixSignal signal, Func<bool> tryTake)
    {
        try
        {
            return PosixSignalRegistration.Create(signal, heard =>
            {
                // Never set to false: somebody else who heard it may have taken it.
                if (tryTake())
                {
                    heard.Cancel = true;
                }
            });
        }
        catch (PlatformNotSupportedException error)
        {
            throw new ArgumentException(
                $"{(int)signal} is no signal of this platform.", nameof(signal), error);
        }
        catch (IOException error)
        {
            throw new InvalidOperationException($"The signal {signal} cannot be caught.", error);
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
