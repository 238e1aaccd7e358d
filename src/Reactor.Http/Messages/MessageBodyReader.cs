using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A body as a pipe reader: decoded content, read from the connection when the reader has
/// examined all. It holds what was not consumed.
/// </summary>
/// <remarks>
/// <para>Loop thread only; waits resume there.</para>
/// <para>
/// Content is copied into blocks of the <see cref="BodyBudget"/>, because a chunked body is not
/// contiguous. A wait consumes nothing, so a cancelled read loses no byte. A coroutine that awaits
/// it is recognised by its continuation, so that the cancellation of its task reaches the wait.
/// </para>
/// </remarks>
internal sealed class MessageBodyReader(EventLoop loop, ChannelLoan loan, MessageBody body)
    : PipeReader, IValueTaskSource<ReadResult>, IWaitSource
{
    /// <summary>
    /// Reads in a row before other connections run: a reader that consumes nothing would otherwise
    /// monopolise the loop.
    /// </summary>
    private const int ReadsPerTurn = 64;

    private ManualResetValueTaskSourceCore<Unit> _wait;
    private CancellationTokenRegistration _registration;
    private SequencePosition _taken;
    private TaskStep? _waiter;
    private int _turnReads;
    private bool _isInterrupted;
    private bool _isExamined = true;
    private bool _isCancelled;
    private bool _isCompleted;
    private bool _isFilled;
    private bool _isWaiting;
    private bool _isListening;
    private bool _hasEnded;

    /// <summary>True from a read to its advance: its content is in use.</summary>
    public bool IsTaken { get; private set; }

    private Action ReadableCallback => field ??= OnReadable;

    private BodyBuffer Content => body.Buffer;

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfEnded();
        body.BeginStream();
        if (IsTaken)
        {
            // The last reader was cancelled, or did not advance.
            AdvanceTo(_taken);
        }

        ThrowIfCompleted();
        if (!TryFill())
        {
            result = default;
            return false;
        }

        // What came before a fault is given first.
        if ((_isExamined || Content.Sequence.IsEmpty) && !_isCancelled
            && body.Rejection != Rejection.None)
        {
            body.EndStream();
            throw body.Refused();
        }

        bool isWhole = _isFilled && body.IsDone;
        EndIfRead();
        result = new ReadResult(Content.Sequence, _isCancelled, isWhole);
        (IsTaken, _isCancelled) = (true, false);
        _taken = result.Buffer.Start;
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        ThrowIfEnded();
        bool isTurnOver = body.Input.TakeTurnEnd() | ++_turnReads > ReadsPerTurn;
        if (!isTurnOver && TryRead(out ReadResult result))
        {
            return new ValueTask<ReadResult>(result);
        }

        _turnReads = 0;
        body.BeginStream();
        _wait.Reset();
        _waiter = null;
        _isInterrupted = false;
        _isWaiting = true;
        Register(cancellationToken);
        if (isTurnOver)
        {
            _isListening = true;
            loop.CallSoon(ReadableCallback);
        }
        else
        {
            Listen();
        }

        return new ValueTask<ReadResult>(this, _wait.Version);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfEnded();
        ThrowIfCompleted();
        body.BeginStream();
        IsTaken = false;
        ReadOnlySequence<byte> content = Content.Sequence;
        if (!content.IsEmpty)
        {
            _isExamined = content.GetOffset(examined) >= content.GetOffset(content.End);
            Content.ConsumeTo(consumed);
            EndIfRead();
        }
    }

    public override void CancelPendingRead()
    {
        _isCancelled = true;
        Wake(null);
    }

    /// <summary>Ends the reading; the rest is discarded, or the connection closes.</summary>
    public override void Complete(Exception? exception = null)
    {
        (IsTaken, _isCompleted, _isFilled) = (false, true, true);
        if (!_hasEnded) // else the body is that of another message
        {
            body.EndStream();
        }

        Wake(null);
    }

    /// <summary>The exchange has ended: later calls throw.</summary>
    public void End()
    {
        _hasEnded = true;
        Wake(loan.Ended());
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
        Action<object?> continuation, object? state, short token,
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
            _isInterrupted = true;
            EndWait();
        }

        return false;
    }

    // False if nothing is there, or memory is short.
    private bool TryFill()
    {
        while (_isExamined && !_isCancelled && !_isFilled)
        {
            bool isOpen = !body.IsDone && body.Rejection == Rejection.None;
            long before = body.Input.ContentBytes;
            if (isOpen && (!body.Input.HasRoom(Content) || !body.Input.TryStep(Content)))
            {
                return false;
            }

            _isExamined &= body.Input.ContentBytes == before;
            _isFilled = body.IsDone || body.Rejection != Rejection.None;
        }

        return true;
    }

    // The reader may forget to complete, and needs no memory now.
    private void EndIfRead()
    {
        if (body.IsDone && Content.Sequence.IsEmpty)
        {
            body.EndStream();
        }
    }

    private void Listen()
    {
        if (!_isListening && !body.Input.HasRoom(Content))
        {
            _isListening = true;
            loan.Channel.FlushSoon();
            Content.Budget.Wait(Content, ReadableCallback);
            return;
        }

        body.Input.BeforeWait();
        loan.Channel.FlushSoon();
        if (_isListening)
        {
            body.Input.BeginWait(Content.Budget.IsPressed);
            return; // the callback of a cancelled read serves this one
        }

        _isListening = true;
        body.WaitReadableAsync().OnCompleted(ReadableCallback);
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
            if (!TryFill())
            {
                Listen();
                return;
            }
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            Wake(error); // such as out of memory
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

        EndWait();
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

    // Without a reader, neither peer nor memory is late. The callback for input stays: its wait
    // cannot be taken back.
    private void EndWait()
    {
        _isWaiting = false;
        _registration.Dispose();
        body.Input.EndWait();
        if (body.IsPaused)
        {
            Content.Budget.StopWaiting(Content);
            _isListening = false;
        }
    }

    private void Register(CancellationToken cancellationToken)
    {
        _registration.Dispose(); // of a cancelled read
        _registration = default;
        if (cancellationToken.CanBeCanceled)
        {
            short version = _wait.Version;
            _registration = cancellationToken.UnsafeRegister(
                (_, token) => loop.CallSoonThreadSafe(() =>
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
            throw loan.Ended();
        }
    }
}
