namespace Reactor.Net;

/// <summary>
/// A connection as a <see cref="Stream"/>. Its awaits complete on the loop thread without a
/// synchronization context, so that code with <c>ConfigureAwait(false)</c> goes on there.
/// </summary>
/// <remarks>
/// Any thread: calls from another thread are posted to the loop. Nothing blocks: a synchronous read
/// throws, a synchronous write is buffered.
/// </remarks>
internal sealed class ConnectionStream(Connection connection, bool leaveOpen) : Stream
{
    private readonly EventLoop _loop = connection.Loop;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw NotSeekable();

    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    private bool IsOnLoop => ReferenceEquals(CoroutineScheduler.Current, _loop);

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Run(() => connection.ReadAsync(buffer), cancellationToken);

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Run(() => connection.WriteAsync(buffer).Call, cancellationToken)
            .ConfigureAwait(false);

    public override Task WriteAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        Run(() => connection.DrainAsync().Call, cancellationToken).AsTask();

    /// <summary>Nothing to do: what was written is sent by itself.</summary>
    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsOnLoop || connection.HasOutputEnded)
        {
            connection.Write(buffer); // after the end it throws, on any thread
        }
        else
        {
            byte[] copy = buffer.ToArray();
            _loop.CallSoonThreadSafe(() => connection.Write(copy));
        }
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A synchronous read would block the loop: use ReadAsync.");

    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    public override void SetLength(long value) => throw NotSeekable();

    public override async ValueTask DisposeAsync()
    {
        if (!leaveOpen)
        {
            await Run(() => connection.CloseAsync().Call, default).ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Begins an orderly close; what was written is still sent.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen && !connection.IsClosed)
        {
            if (IsOnLoop)
            {
                connection.CloseAfterSend(CloseReason.Local);
            }
            else
            {
                _loop.CallSoonThreadSafe(() => connection.CloseAfterSend(CloseReason.Local));
            }
        }

        base.Dispose(disposing);
    }

    private ValueTask<T> Run<T>(Func<Coroutine<T>> work, CancellationToken cancellationToken) =>
        IsOnLoop
            ? RunHere(work(), cancellationToken)
            : new ValueTask<T>(_loop.Submit(work, cancellationToken));

    private async ValueTask<T> RunHere<T>(Coroutine<T> work, CancellationToken cancellationToken)
    {
        LoopTask<T> task = _loop.CreateTask(work, "stream");
        var watch = TokenWatch<Future>.Begin(
            _loop, static task => task.Cancel(), task, cancellationToken);
        try
        {
            return await task;
        }
        catch (LoopCanceledException) when (_loop.IsCancelled(cancellationToken))
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            watch?.End();
            // The loop sets its own again when this method has returned.
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private static NotSupportedException NotSeekable() =>
        new("A connection has no length and no position.");
}
