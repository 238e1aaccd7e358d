using System.IO.Pipelines;
using Reactor.Drivers;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The body of a received message, read on demand, so TCP holds a fast peer back. Reusable.
/// </summary>
/// <remarks>Loop thread only. Read whole or as a stream, whichever is asked for first.</remarks>
internal sealed class MessageBody(
    ChannelLoan loan, ChannelLimits limits, ParserLimits parserLimits, BodyBudget budget,
    BodySide side)
{
    private BodyBuffer? _buffer;
    private MessageBodyReader? _reader;
    private Promise<Unit>? _reading;
    private int _ends;
    private bool _isWhole;
    private bool _isStreamed;
    private bool _isOver;
    private long _announced;
    private long _bytesMax;

    public BodyInput Input { get; } = new(loan, limits, parserLimits, side);

    public bool IsDone => Input.IsDone;

    /// <summary>True if nothing reads it, also in the background.</summary>
    public bool IsQuiet => _reading is null && _reader is null;

    public Rejection Rejection => Input.Rejection;

    /// <summary>True while its reader waits for memory.</summary>
    public bool IsPaused => _buffer?.Resume is not null;

    public TrailerSection Trailers => Input.Trailers;

    public PipeReader Reader => _reader ??= new MessageBodyReader(budget.Loop, loan, this);

    public BodyBuffer Buffer => _buffer ??= new BodyBuffer(Input, budget);

    /// <inheritdoc cref="BodyInput.Start"/>
    public BodyStatus Start(
        BodyKind kind, long contentLength, bool mustContinue, long bytesMax,
        ContentDecoding? decoding = null)
    {
        _isWhole = false;
        _isStreamed = false;
        _isOver = false;
        _announced = kind == BodyKind.ContentLength && decoding is null ? contentLength : -1;
        _bytesMax = bytesMax;
        return Input.Start(kind, contentLength, mustContinue, bytesMax, decoding);
    }

    /// <summary>
    /// Lowers the limit of a body that was not asked for yet; later it is too late, and false.
    /// </summary>
    public bool TryLimitTo(long bytesMax)
    {
        if (_isWhole || _isStreamed)
        {
            return false;
        }

        if (bytesMax < _bytesMax)
        {
            _bytesMax = bytesMax;
            Input.LimitTo(bytesMax);
        }

        return true;
    }

    /// <summary>
    /// Gives back the memory after the exchange; a task that still reads the body whole does so at
    /// its end.
    /// </summary>
    public void End()
    {
        _isOver = true;
        _ends++;
        if (_reading is null)
        {
            _buffer?.Clear();
        }

        _reader?.End();
        _reader = null;
    }

    /// <summary>The connection has ended: readers fail.</summary>
    public void Abandon()
    {
        End();
        _buffer?.Clear();
    }

    /// <summary>
    /// The exchange has ended: what a stream's reader has not consumed is the reader's. If the rest
    /// is given up, later reads fail, and only what is taken stays: no reader may ever come back.
    /// </summary>
    public void Leave(bool isGivenUp)
    {
        if (isGivenUp)
        {
            Input.Refuse(Rejection.BodyIncomplete);
            if (_reader is not { IsTaken: true })
            {
                _buffer?.Clear();
            }
        }

        if (_isStreamed)
        {
            Buffer.EndReservation();
        }
    }

    public void RefusePaused() => budget.Refuse(_buffer!);

    public void Release()
    {
        End();
        Input.Release();
    }

    /// <summary>Makes this a stream, which cannot be read whole.</summary>
    public void BeginStream()
    {
        if (_isWhole)
        {
            throw new InvalidOperationException(
                "ReadAsync, TextAsync or JsonAsync has read the body: Body, and with it the parts "
                + "of a form, cannot have it too. Read it in one way, in middleware too.");
        }

        if (!_isStreamed)
        {
            _isStreamed = true;
            Buffer.Begin(_announced, _bytesMax, isStream: true);
        }
    }

    /// <summary>The stream's reader has ended: gives its memory back.</summary>
    public void EndStream()
    {
        if (_isStreamed)
        {
            Buffer.Clear();
        }
    }

    /// <summary>
    /// Reads the whole body into memory, within the limits. Continues a cancelled read; waits for
    /// another task that reads.
    /// </summary>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAllAsync()
    {
        if (_isStreamed)
        {
            throw new InvalidOperationException(
                "The body is read through Body, perhaps as parts of a form: ReadAsync, TextAsync "
                + "and JsonAsync cannot have it too. Read it in one way, in middleware too.");
        }

        if (_reading is not null)
        {
            await OtherReader();
        }

        BodyBuffer buffer = Buffer;
        if (!_isWhole)
        {
            _isWhole = true;
            buffer.Begin(_announced, _bytesMax, isStream: false);
        }

        if (!TryTakeSmall(buffer) && !TryFinish(buffer))
        {
            await ReadRest(buffer);
        }

        ReadOnlyMemory<byte> content = buffer.HandOver();
        if (_isOver)
        {
            buffer.Clear();
        }
        else if (side.GivesBodyAway)
        {
            buffer.EndReservation();
        }

        return content;
    }

    /// <summary>
    /// Reads and discards the rest, to find the next request; false if it is too long, malformed,
    /// or incomplete.
    /// </summary>
    public async Coroutine<bool> DrainAsync(int bytesMax)
    {
        await OtherReader();
        long limit = Input.ContentBytes + bytesMax;
        while (!Input.IsDone)
        {
            if (Input.Rejection != Rejection.None || Input.ContentBytes > limit)
            {
                return false;
            }

            await Step(null);
        }

        return Input.ContentBytes <= limit;
    }

    public Exception Refused() => side.Refused(Rejection);

    public OperationAwaitable WaitReadableAsync() => Input.WaitReadableAsync(budget.IsPressed);

    /// <summary>
    /// Takes a small body that came with its head by one copy, without decoder and blocks.
    /// </summary>
    private bool TryTakeSmall(BodyBuffer buffer)
    {
        if (_announced is <= 0 or > BodyBuffer.SmallBytesMax
            || !Input.TryPeekSmall((int)_announced, out ReadOnlySpan<byte> content)
            || !buffer.TryTakeSmall(content))
        {
            return false;
        }

        Input.TakeSmall(content.Length);
        return true;
    }

    /// <summary>Reads what is there; true if that is all.</summary>
    private bool TryFinish(BodyBuffer buffer)
    {
        while (!Input.IsDone)
        {
            ThrowIfRejected();
            if (Input.IsTurnOver || !Input.HasRoom(buffer) || !Input.TryStep(buffer))
            {
                return false;
            }
        }

        return true;
    }

    private async Coroutine ReadRest(BodyBuffer buffer)
    {
        var reading = _reading = new Promise<Unit>();
        bool isWhole = false;
        try
        {
            while (!Input.IsDone)
            {
                ThrowIfRejected();
                await Step(buffer);
            }

            isWhole = true;
        }
        finally
        {
            _reading = null;
            if (_isOver && !isWhole)
            {
                buffer.Clear();
            }

            reading.TrySetResult(default);
        }
    }

    /// <summary>Frees the content at once: the handler may catch this and wait.</summary>
    private void ThrowIfRejected()
    {
        if (Rejection != Rejection.None)
        {
            _buffer?.Clear();
            throw Refused();
        }
    }

    private async Coroutine OtherReader()
    {
        int ends = _ends;
        while (_reading is { } other)
        {
            await other.Shield();
            if (_ends != ends) // this may serve another client now
            {
                throw loan.Ended();
            }
        }
    }

    private async Coroutine Step(BodyBuffer? target)
    {
        if (Input.TakeTurnEnd())
        {
            await EventLoop.Yield();
        }

        if (target is not null && !Input.HasRoom(target))
        {
            Input.Park(target);
            if (!Input.IsDone && !Input.HasRoom(target))
            {
                await WaitForRoom(target);
            }

            return;
        }

        while (!Input.TryStep(target))
        {
            Input.BeforeWait();
            await loan.Channel.FlushForReadAsync();
            try
            {
                await WaitReadableAsync();
            }
            finally
            {
                Input.EndWait(); // a cancelled read may go on much later
            }
        }
    }

    private async Coroutine WaitForRoom(BodyBuffer target)
    {
        var room = new Promise<Unit>();
        try
        {
            budget.Wait(target, () => room.TrySetResult(default));
            await loan.Channel.FlushForReadAsync();
            await room;
        }
        finally
        {
            budget.StopWaiting(target);
        }
    }
}
