namespace Reactor;

/// <summary>
/// A block of a task that cancels it on its own account, as a time-out does. A token that the block
/// asks for is the block's, so that its expiry ends nothing that was begun outside.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal interface ITokenScope
{
    /// <summary>The block around this one, in the same task.</summary>
    ITokenScope? Outer { get; }

    /// <summary>How many cancellations of the task there were when the block began.</summary>
    int CancelRequestsBefore { get; }

    /// <summary>The block's token; null: nothing has asked for one.</summary>
    OwnToken? Token { get; set; }
}

/// <summary>
/// The <see cref="CancellationToken"/> of a task or of one of its blocks, for the foreign calls
/// that it awaits: nothing else can end these. It is cancelled with the task, in the next turn and
/// before the task's own step, see <see cref="TokenCancellation"/>.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// A foreign await that ends with this token has delivered the task's cancellation, which must not
/// be thrown again at the next await of ours: that may be one of the cleanup. What
/// <c>GetResult</c> throws passes through no code of ours if the coroutine catches it, so it is
/// seen by <see cref="AppDomain.FirstChanceException"/>, which is subscribed to once a task asks
/// for its token. To ask the awaiter was rejected: most can be asked once, by their owner.
/// </para>
/// <para>
/// An exception counts as delivered where it is thrown into the coroutine
/// (<see cref="ThrownPlace"/>), not inside an async method that the coroutine called: the await of
/// that method throws it again, or the method has swallowed it. A synchronous method that throws
/// and catches it inside cannot be told from one that lets it pass: there it counts.
/// </para>
/// </remarks>
internal sealed class OwnToken
{
    private readonly CancellationTokenSource _source = new();
    private LoopHandle? _cancelling;

    static OwnToken() => AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
    {
        if (thrown.Exception is OperationCanceledException { CancellationToken: var token } error
            && token.CanBeCanceled && TaskStep.Current is Trampoline step)
        {
            step.OnThrown(error);
        }
    };

    /// <param name="isCancelled">The task is being cancelled already.</param>
    public OwnToken(bool isCancelled)
    {
        if (isCancelled)
        {
            _source.Cancel(); // it has no callbacks yet
        }
    }

    public CancellationToken Token => _source.Token;

    /// <summary>True once it was cancelled, or will be in the next turn.</summary>
    public bool IsCancelled => _cancelling is not null || _source.IsCancellationRequested;

    /// <summary>
    /// True for an exception with this token, once it is cancelled, and for one with any other
    /// cancelled token meanwhile: that may be linked to this one, which no token tells.
    /// </summary>
    public bool Explains(OperationCanceledException error)
    {
        CancellationToken token = error.CancellationToken;
        return token == Token
            ? IsCancelled
            : _source.IsCancellationRequested && token.IsCancellationRequested;
    }

    public void Cancel(CoroutineScheduler scheduler)
    {
        if (!IsCancelled)
        {
            _cancelling = TokenCancellation.Post(scheduler, _source);
        }
    }

    /// <summary>
    /// The cancellation was taken back. False if the token was cancelled by then: no token can be
    /// used again, so the next to ask gets another.
    /// </summary>
    public bool TryRestore()
    {
        if (_source.IsCancellationRequested)
        {
            return false;
        }

        _cancelling?.Cancel();
        _cancelling = null;
        return true;
    }
}
