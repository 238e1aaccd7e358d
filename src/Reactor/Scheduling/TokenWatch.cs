namespace Reactor;

/// <summary>
/// Watches a token, which any thread may cancel, for one wait of the loop: the cancellation comes
/// as a message. Whether the token is cancelled already is chance too; ask
/// <see cref="CoroutineScheduler.IsCancelled"/>. Made and ended on the loop thread.
/// </summary>
internal sealed class TokenWatch<T> : LoopWork
{
    /// <summary>The kind of the messages.</summary>
    public const string MessageKind = "cancelled token";

    private readonly CoroutineScheduler _scheduler;
    private readonly Action<T> _cancel;
    private readonly T _state;
    private readonly long _number;
    private CancellationTokenRegistration _registration;
    private bool _isBegun;
    private bool _isOver;

    private TokenWatch(CoroutineScheduler scheduler, Action<T> cancel, T state)
    {
        (_scheduler, _cancel, _state) = (scheduler, cancel, state);
        _number = scheduler.NextJobNumber();
    }

    /// <summary>Begins to watch; null if the token cannot be cancelled.</summary>
    /// <param name="scheduler">The loop of the wait.</param>
    /// <param name="cancel">Runs on the loop when the token is cancelled, before the end.</param>
    /// <param name="state">Given to it.</param>
    /// <param name="token">The token.</param>
    public static TokenWatch<T>? Begin(
        CoroutineScheduler scheduler, Action<T> cancel, T state, CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            return null;
        }

        var watch = new TokenWatch<T>(scheduler, cancel, state);
        watch._registration = token.UnsafeRegister(
            static watch => ((TokenWatch<T>)watch!).Post(), watch);
        watch._isBegun = true;
        return watch;
    }

    /// <summary>The wait is over: a later message does nothing.</summary>
    public void End()
    {
        _isOver = true;
        _registration.Unregister(); // does not wait for a running callback
    }

    /// <inheritdoc/>
    public override void Run()
    {
        if (!_isOver)
        {
            _cancel(_state);
        }
    }

    /// <inheritdoc/>
    internal override MessageKey MessageKey => new(MessageKind, _number);

    /// <inheritdoc/>
    internal override bool IsIncidental => _isOver;

    // A token that another thread has cancelled meanwhile calls back at once, on the loop's thread:
    // that is chance, too, and so a message.
    private void Post()
    {
        if (_isBegun)
        {
            _scheduler.PostThreadSafe(this);
        }
        else
        {
            _scheduler.PostMessage(this);
        }
    }
}
