namespace Reactor;

/// <summary>
/// A block that cancels its task, as a time-out does, but only the tokens taken inside it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal interface ITokenScope
{
    ITokenScope? Outer { get; }

    /// <summary>The task's requests when the block began.</summary>
    int CancelRequestsBefore { get; }

    OwnToken? Token { get; set; }
}

/// <summary>The tokens of a task and its blocks; a mutable struct.</summary>
internal struct TaskTokens
{
    private OwnToken? _token;

    public ITokenScope? Scope { get; set; }

    /// <summary>The token of the innermost block, or of the task; made when first used.</summary>
    public CancellationToken Current(int requests, bool isPending) => Scope is { } scope
        ? (scope.Token ??= new OwnToken(isPending || requests > scope.CancelRequestsBefore)).Token
        : (_token ??= new OwnToken(requests > 0)).Token;

    public readonly bool Has(CancellationToken token) => All().Any(own => own.Token == token);

    public readonly bool Explain(OperationCanceledException error) =>
        All().Any(own => own.Explains(error));

    public readonly void Cancel(CoroutineScheduler scheduler, ITokenScope? outermost)
    {
        for (ITokenScope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            scope.Token?.Cancel(scheduler);
            if (ReferenceEquals(scope, outermost))
            {
                return;
            }
        }

        _token?.Cancel(scheduler);
    }

    public void Restore(int requests)
    {
        for (ITokenScope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            if (requests <= scope.CancelRequestsBefore && scope.Token?.TryRestore() == false)
            {
                scope.Token = null;
            }
        }

        if (requests == 0 && _token?.TryRestore() == false)
        {
            _token = null;
        }
    }

    private readonly IEnumerable<OwnToken> All()
    {
        for (ITokenScope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            if (scope.Token is { } own)
            {
                yield return own;
            }
        }

        if (_token is not null)
        {
            yield return _token;
        }
    }
}

/// <summary>
/// The <see cref="CancellationToken"/> of a task or block. It is cancelled in the next turn, before
/// the task's own step (<see cref="TokenCancellation"/>).
/// </summary>
/// <remarks>
/// A foreign await that ends with this token has delivered the cancellation, which must not be
/// thrown again in the cleanup. If the coroutine catches it, only <see
/// cref="AppDomain.FirstChanceException"/> shows it. It must be thrown into the coroutine (<see
/// cref="MoveNextMethod"/>), not into an async method that it called.
/// </remarks>
internal sealed class OwnToken
{
    private readonly CancellationTokenSource _source = new();
    private LoopHandle? _cancelling;

    static OwnToken() => AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
    {
        if (thrown.Exception is OperationCanceledException { CancellationToken: var token } error
            && token.CanBeCanceled && TaskStep.Current is FrameStack step)
        {
            step.OnThrown(error);
        }
    };

    public OwnToken(bool isCancelled)
    {
        if (isCancelled)
        {
            _source.Cancel(); // it has no callbacks yet
        }
    }

    public CancellationToken Token => _source.Token;

    // True also if it will be in the next turn.
    private bool IsCancelled => _cancelling is not null || _source.IsCancellationRequested;

    /// <summary>
    /// True for an exception with this cancelled token, or with another that may be linked.
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

    /// <summary>Takes the cancellation back; false if the token is cancelled for good.</summary>
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
