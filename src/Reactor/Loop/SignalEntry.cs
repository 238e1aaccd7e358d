using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// One signal of a loop: its handler and the waits of <c>NextSignalAsync</c>. A signal wakes all
/// waits; the handler runs too, unless a wait that began after it takes the signal.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="OnSignal"/>, which the runtime calls on a pool thread.
/// </remarks>
internal sealed class SignalEntry : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(SignalWait Wait, PosixSignal Given, long Number)> _waits = [];
    private IDisposable? _registration;
    private Action<MessageKey>? _post;
    private long _occurrences;
    private long _handlerNumber;
    private bool _isKept;

    public bool IsUnused => _post is null && !_isKept && _waits.Count == 0;

    public void Listen(PosixSignal signal, LoopDriver driver)
    {
        try
        {
            _registration = driver.ListenSignal(signal, OnSignal);
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

    /// <param name="post">Posts it to the loop, with the key of the occurrence. Any thread.</param>
    /// <param name="number">Its place in the order of handlers and waits.</param>
    public void SetHandler(Action<MessageKey> post, long number)
    {
        lock (_lock)
        {
            _post = post;
            _handlerNumber = number;
            _isKept = false;
        }
    }

    public bool RemoveHandler()
    {
        lock (_lock)
        {
            bool isRemoved = _post is not null || _isKept;
            _post = null;
            _isKept = false;
            return isRemoved;
        }
    }

    public void Add(SignalWait wait, PosixSignal given, long number)
    {
        lock (_lock)
        {
            _waits.Add((wait, given, number));
        }
    }

    public void Remove(SignalWait wait)
    {
        lock (_lock)
        {
            _waits.RemoveAll(each => ReferenceEquals(each.Wait, wait));
            _isKept |= wait.IsWoken && _post is null;
        }
    }

    public void Dispose() => _registration?.Dispose();

    // Any thread. Cancel is never set to false: another loop may have taken the signal.
    private void OnSignal(PosixSignalContext heard)
    {
        lock (_lock)
        {
            bool runsHandler = _post is not null;
            var key = new MessageKey($"signal {heard.Signal}", ++_occurrences);
            foreach ((SignalWait wait, PosixSignal given, long number) in _waits)
            {
                if (wait.TryWake(given, key))
                {
                    heard.Cancel = true;
                    runsHandler &= number < _handlerNumber;
                }
            }

            if (runsHandler)
            {
                heard.Cancel = true;
                _post!(key);
            }
        }
    }
}

/// <summary>A wait for the first of several signals, which the future gets.</summary>
internal sealed class SignalWait(Promise<PosixSignal> future, IReadOnlyList<PosixSignal> signals)
{
    private readonly LoopContext _context = LoopContext.Capture();
    private int _isWoken;

    public IReadOnlyList<PosixSignal> Signals { get; } = [.. signals];

    /// <summary>True once a signal ended it. Any thread.</summary>
    public bool IsWoken => Volatile.Read(ref _isWoken) != 0;

    /// <summary>Ends the wait; false if it has ended before. Any thread.</summary>
    public bool TryWake(PosixSignal signal, MessageKey key)
    {
        if (future.IsDone || Interlocked.Exchange(ref _isWoken, 1) != 0)
        {
            return false;
        }

        // CallSoonThreadSafe would throw if the loop has closed, and end the process.
        CoroutineScheduler loop = future.Scheduler;
        loop.PostThreadSafe(new SignalCallback<PosixSignal>(
            loop, heard => future.TrySetResult(heard), signal, key, _context, null, 0));
        return true;
    }
}

/// <summary>A callback for one occurrence of a signal, which its key identifies.</summary>
internal sealed class SignalCallback<TState>(
    CoroutineScheduler scheduler, Action<TState> callback, TState state, MessageKey key,
    LoopContext? context, string? file, int line)
    : LoopHandle(scheduler, context, file, line)
{
    /// <inheritdoc/>
    internal override MessageKey MessageKey => key;

    private protected override void Invoke() => callback(state);

    internal override Delegate? ShownCallback => Shown(callback, state);
}
