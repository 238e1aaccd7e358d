namespace Reactor.Http;

/// <summary>
/// Sends the content of a request in a task of its own, within the pace of the server.
/// </summary>
/// <remarks>Loop thread only. For one sending.</remarks>
internal sealed class ClientUpload : ClientBodyWriter
{
    /// <summary>How long the content waits for a 100 response; as in curl.</summary>
    private static readonly TimeSpan s_continueTimeout = TimeSpan.FromSeconds(1);

    private readonly IClientExchange _exchange;
    private readonly ClientConnection _connection;
    private readonly ClientContent _content;
    private readonly long _announced; // -1: it is sent in chunks
    private readonly BodyOutput _output;
    private readonly ChannelLoan _loan =
        new("The content was sent, or its request has ended: it can write no more.");

    private Promise<Unit>? _mayContinue;
    private LoopTask? _task;
    private long _written;
    private int _writes;
    private bool _isOver;
    private bool _isBroken;

    public ClientUpload(
        IClientExchange exchange, ClientConnection connection, ClientContent content, long? length)
    {
        _exchange = exchange;
        _connection = connection;
        _content = content;
        _announced = length ?? -1;
        _output = new BodyOutput(_loan, connection.Limits);
    }

    /// <summary>True if the content was asked to write itself.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>True while it waits for a 100 response.</summary>
    public bool IsHeldBack => _mayContinue is { IsDone: false };

    public void Start(bool expectsContinue)
    {
        _loan.Begin(_connection);
        _output.Begin(isChunked: _announced < 0);
        _mayContinue = expectsContinue ? new Promise<Unit>(_connection.Loop) : null;
        _task = _connection.Loop.CreateTask(SendAsync(), "send content", eager: true);
    }

    /// <summary>A 1xx response came.</summary>
    public void OnInterim(int status)
    {
        if (status == 100)
        {
            _mayContinue?.TrySetResult(default);
        }
    }

    /// <summary>Ends it; what is not sent is not needed. Idempotent.</summary>
    public void Stop()
    {
        _loan.End();
        if (!_isOver)
        {
            _isOver = true;
            _task?.Cancel();
        }
    }

    public override async Coroutine WriteAsync(ReadOnlyMemory<byte> content)
    {
        _ = _loan.Channel;
        _writes++;
        try
        {
            await WritePieces(content);
        }
        finally
        {
            _writes--;
        }
    }

    private async Coroutine SendAsync()
    {
        Exception? failure = null;
        try
        {
            if (_mayContinue is not null)
            {
                await WaitForContinue(_mayContinue);
            }

            HasBegun = true;
            await _content.WriteAsync(this);
            if (_writes > 0)
            {
                throw new InvalidOperationException(
                    "The content has ended while a write was pending: await each WriteAsync.");
            }

            if (_announced >= 0 && _written != _announced)
            {
                throw new InvalidOperationException(
                    $"The content wrote {_written} of the {_announced} bytes that it announced.");
            }

            _output.End();
            _loan.End(); // a byte behind the end would be read as the start of the next request
            await _connection.FlushAsync(); // else the next request would wait for the rest
        }
        catch (Exception error) when (_isOver && error is not LoopAbortException)
        {
            return; // stopped: the exchange has ended, so no caller waits for it
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            failure = error;
        }

        End(failure);
    }

    private async Coroutine WritePieces(ReadOnlyMemory<byte> content)
    {
        while (!content.IsEmpty)
        {
            int length = Math.Min(content.Length, _output.PieceBytesMax);
            if (_output.MustWait(length))
            {
                await _output.MakeRoomAsync(length);
                if (_loan.Channel.Connection.IsOutputBroken)
                {
                    _isBroken = true;
                    throw ClientFailures.Disconnected(_exchange.HasResponseBytes);
                }
            }

            if (_announced >= 0 && content.Length > _announced - _written)
            {
                throw new InvalidOperationException(
                    $"This is more than the {_announced} bytes that the content announced.");
            }

            _output.Write(content.Span[..length]);
            _written += length; // here, as a write can be cancelled between two pieces
            content = content[length..];
            _output.Count(length);
        }

        _loan.Channel.FlushSoon();
    }

    private void End(Exception? failure)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _loan.End();
        if (failure is null)
        {
            _exchange.OnSent();
        }
        else if (_isBroken)
        {
            _exchange.OnUploadBroken();
        }
        else
        {
            _exchange.OnUploadFailed(failure);
        }
    }

    private async Coroutine WaitForContinue(Promise<Unit> mayContinue)
    {
        TimerHandle late = _connection.Loop.CallLater(
            s_continueTimeout, () => mayContinue.TrySetResult(default));
        try
        {
            await mayContinue;
        }
        finally
        {
            late.Cancel();
        }
    }
}
