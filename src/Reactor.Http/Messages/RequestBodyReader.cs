using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A request's body as a pipe reader: decoded content, pulled from the connection when somebody
/// reads and has looked at all that was there. What it holds is what its reader did not consume.
/// </summary>
/// <remarks>
/// <para>Loop thread only, and the wait resumes there: the thread pool has no part in it.</para>
/// <para>
/// The content is copied into blocks of the server's <see cref="BodyBudget"/>, because a chunked
/// body does not lie in one piece in the connection's buffer. The wait is a source of its own and
/// takes nothing, so a read that was cancelled while it waited has lost no byte. A coroutine that
/// awaits it is known by the continuation that it gives: it is parked as on an awaitable of ours,
/// so that cancelling its task reaches the wait, which for a foreign awaitable it does not.
/// </para>
/// </remarks>
internal sealed class RequestBodyReader
    : PipeReader, IValueTaskSource<ReadResult>, IWaitSource
{
    /// <summary>
    /// Reads in a row that need not wait before others have their turn. A reader that consumes
    /// nothing, or reads on behind the end, would else keep the loop for itself. As many as pieces
    /// of content come in a turn.
    /// </summary>
    private const int ReadsPerTurn = 64;

    private readonly MessageChannel _channel;
    private readonly RequestBody _body;
    private readonly Action _onReadable;
    private ManualResetValueTaskSourceCore<Unit> _wait;
    private CancellationTokenRegistration _registration;
    private SequencePosition _taken;
    private TaskStep? _waiter;
    private int _turnReads;
    private bool _isInterrupted;
    private bool _isTaken;
    private bool _isExamined = true;
    private bool _isCancelled;
    private bool _isCompleted;
    private bool _isFilled;
    private bool _isWaiting;
    private bool _isListening;
    private bool _hasEnded;

    public RequestBodyReader(MessageChannel channel, RequestBody body)
    {
        _channel = channel;
        _body = body;
        _onReadable = OnReadable;
    }

    private BodyBuffer Content => _body.Buffer;

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfEnded();
        _body.BeginStream();
        if (_isTaken)
        {
            // Whoever took it was cancelled, or did not advance: it is given again.
            AdvanceTo(_taken);
        }

        ThrowIfCompleted();
        while (_isExamined && !_isCancelled && !_isFilled)
        {
            if (!Fill())
            {
                result = default;
                return false;
            }
        }

        // What came before a fault is given first, also if one step has brought both.
        if (_isExamined && !_isCancelled && _body.Rejection != Rejection.None)
        {
            throw new RequestBodyException(_body.Rejection);
        }

        bool isWhole = _isFilled && _body.IsDone;
        result = new ReadResult(Content.Sequence, _isCancelled, isWhole);
        _isCancelled = false;
        _isTaken = true;
        _taken = result.Buffer.Start;
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        ThrowIfEnded();
        bool isTurnOver = _body.Input.TakeTurnEnd() | ++_turnReads > ReadsPerTurn;
        if (!isTurnOver && TryRead(out ReadResult result))
        {
            return new ValueTask<ReadResult>(result);
        }

        _turnReads = 0;
        _body.BeginStream();
        _wait.Reset();
        _waiter = null;
        _isInterrupted = false;
        _isWaiting = true;
        Register(cancellationToken);
        if (isTurnOver)
        {
            _isListening = true;
            _channel.Loop.CallSoon(_onReadable);
        }
        else
        {
            Listen();
        }

        return new ValueTask<ReadResult>(this, _wait.Version);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfEnded();
        ThrowIfCompleted();
        _body.BeginStream();
        _isTaken = false;
        ReadOnlySequence<byte> content = Content.Sequence;
        if (!content.IsEmpty)
        {
            _isExamined = content.GetOffset(examined) >= content.GetOffset(content.End);
            Content.ConsumeTo(consumed);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        _isCancelled = true;
        Wake(null);
    }

    /// <summary>
    /// Nobody reads on; the connection drops the rest of the body, or closes.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
        _isTaken = false;
        _isCompleted = true;
        _isFilled = true;
        _body.EndStream();
        Wake(null);
    }

    /// <summary>The request is over: what is buffered goes back, and asking throws.</summary>
    public void End()
    {
        _hasEnded = true;
        Wake(Ended());
    }

    [StackTraceHidden]
    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        if (_isInterrupted)
        {
            _isInterrupted = false;
            TaskStep.Current?.ThrowIfInterrupted();
        }

        _wait.GetResult(token);
        bool isThere = TryRead(out ReadResult result);
        Debug.Assert(isThere, "a wait ends when there is something");
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) =>
        _wait.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags)
    {
        if (_isWaiting && state is Action action && TaskStep.Of(action) is { } step)
        {
            _waiter = step;
            step.SuspendOn(this);
        }
        else
        {
            _wait.OnCompleted(continuation, state, token, flags);
        }
    }

    bool IWaitSource.CancelWait(TaskStep waiter, string? message)
    {
        if (ReferenceEquals(_waiter, waiter))
        {
            _waiter = null;
            _isWaiting = false;
            _isInterrupted = true;
            _registration.Dispose();
        }

        return false;
    }

    // Takes what the connection has now, or the end; false if it has nothing, or memory is short.
    private bool Fill()
    {
        bool isOpen = !_body.IsDone && _body.Rejection == Rejection.None;
        long before = _body.Input.ContentBytes;
        if (isOpen && (!_body.HasRoom(Content) || !_body.Input.TryStep(Content)))
        {
            return false;
        }

        _isExamined &= _body.Input.ContentBytes == before;
        _isFilled = _body.IsDone || _body.Rejection != Rejection.None;
        return true;
    }

    private void Listen()
    {
        if (!_isListening && !_body.HasRoom(Content))
        {
            _isListening = true;
            _channel.FlushSoon();
            Content.Budget.Wait(Content, _onReadable);
            return;
        }

        _body.Input.BeforeWait();
        _channel.FlushSoon();
        if (_isListening)
        {
            return; // for a read that was given up: its callback serves this one
        }

        _isListening = true;
        _body.WaitReadable().OnCompleted(_onReadable);
    }

    private void OnReadable()
    {
        _isListening = false;
        if (!_isWaiting)
        {
            return;
        }

        try
        {
            while (_isExamined && !_isCancelled && !_isFilled)
            {
                if (!Fill())
                {
                    Listen();
                    return;
                }
            }
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            Wake(error); // as that of memory that the system has not: the reader waits for it
            return;
        }

        Wake(null);
    }

    private void Wake(Exception? error)
    {
        if (!_isWaiting)
        {
            return;
        }

        _isWaiting = false;
        _registration.Dispose();
        if (error is null)
        {
            _wait.SetResult(default);
        }
        else
        {
            _wait.SetException(error);
        }

        _waiter?.Resume();
        _waiter = null;
    }

    private void Register(CancellationToken cancellationToken)
    {
        _registration.Dispose(); // of a read that was given up
        _registration = default;
        if (cancellationToken.CanBeCanceled)
        {
            short version = _wait.Version;
            _registration = cancellationToken.UnsafeRegister(
                (_, token) => _channel.Loop.CallSoonThreadSafe(() =>
                {
                    if (_wait.Version == version)
                    {
                        Wake(new OperationCanceledException(token));
                    }
                }),
                null);
        }
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException(
                "Reading is not allowed after the reader was completed.");
        }
    }

    private void ThrowIfEnded()
    {
        if (_hasEnded)
        {
            throw Ended();
        }
    }

    private static InvalidOperationException Ended() =>
        new("The request has ended: its response was sent.");
}
