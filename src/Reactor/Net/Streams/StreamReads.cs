using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// Reading as in asyncio over the pull-based reader. Bytes stay in the connection until a read has
/// all that it needs, so a cancelled read loses none.
/// </summary>
/// <remarks>
/// Loop thread only, one read at a time. Limit, separator and one block bound what is buffered.
/// </remarks>
internal sealed class StreamReads(Connection connection)
{
    /// <summary>Receives before other tasks have a turn: 256 KiB of a fast peer.</summary>
    private const int ReceivesPerTurn = 16;

    /// <summary>
    /// Reads before other tasks have a turn: a block may hold 16 thousand empty lines.
    /// </summary>
    private const int ReadsPerTurn = 1024;

    private static readonly ReadOnlyMemory<byte>[] s_newline = [new[] { (byte)'\n' }];

    private readonly ConnectionReader _reader = connection.Reader;
    private int _receivesLeft = ReceivesPerTurn;
    private int _turnReads;
    private bool _isReading;
    private bool _isInLongLine;

    private enum SearchEnd
    {
        Found,
        Overrun,
        Ended,
    }

    /// <summary>An overrun with <c>End</c> 0 has found no separator yet.</summary>
    private readonly record struct Search(SearchEnd Outcome, long Start = 0, long End = 0);

    private readonly record struct ReadScope(StreamReads Reads) : IDisposable
    {
        public void Dispose() => Reads._isReading = false;
    }

    public static StreamReads Of(Connection connection) =>
        (StreamReads)(connection.Extras.Reads ??= new StreamReads(connection));

    public async Coroutine<int> ReadAsync(Memory<byte> buffer)
    {
        using ReadScope read = Begin();
        _isInLongLine = false;
        await FillTo(Math.Min(1, buffer.Length));
        int count = (int)Math.Min(buffer.Length, _reader.Buffered.Length);
        if (count == 0 && buffer.Length > 0)
        {
            ThrowIfReset();
        }

        Take(buffer.Span[..count]);
        return count;
    }

    public async Coroutine<byte[]> ReadExactlyAsync(int bytes)
    {
        await Gather(bytes);
        return Take(bytes);
    }

    public async Coroutine ReadExactlyAsync(Memory<byte> buffer)
    {
        await Gather(buffer.Length);
        Take(buffer.Span);
    }

    public async Coroutine<byte[]> ReadToEndAsync(int bytesMax)
    {
        using ReadScope read = Begin();
        _isInLongLine = false;
        await FillTo((long)bytesMax + 1);
        if (_reader.Buffered.Length > bytesMax)
        {
            throw new LimitOverrunException(
                $"The stream has not ended after {bytesMax} bytes, which is the limit.", bytesMax);
        }

        ThrowIfReset();
        return Take((int)_reader.Buffered.Length);
    }

    public async Coroutine<byte[]> ReadUntilAsync(ReadOnlyMemory<byte>[] separators)
    {
        using ReadScope read = Begin();
        _isInLongLine = false;
        Search search = await SearchFor(separators);
        return search.Outcome switch
        {
            SearchEnd.Found => Take((int)search.End),
            SearchEnd.Overrun => throw MakeOverrun(search, search.Start),
            _ => throw MakeIncomplete(null),
        };
    }

    public async Coroutine<byte[]> ReadLineAsync()
    {
        using ReadScope read = Begin();
        if (_isInLongLine)
        {
            await SkipLine();
        }

        Search search = await SearchFor(s_newline);
        switch (search.Outcome)
        {
            case SearchEnd.Found:
                return Take((int)search.End);
            case SearchEnd.Ended:
                ThrowIfReset();
                return Take((int)_reader.Buffered.Length);
            default:
                long dropped = search.End > 0 ? search.End : _reader.Buffered.Length;
                _reader.Consume((int)dropped);
                _isInLongLine = search.End == 0;
                throw MakeOverrun(search, dropped);
        }
    }

    /// <summary>Waits for bytes that the caller takes at once.</summary>
    private async Coroutine Gather(int bytes)
    {
        using ReadScope read = Begin();
        _isInLongLine = false;
        await FillTo(bytes);
        if (_reader.Buffered.Length < bytes)
        {
            throw MakeIncomplete(bytes);
        }
    }

    /// <summary>Receives until a separator, the limit or the end.</summary>
    private async Coroutine<Search> SearchFor(ReadOnlyMemory<byte>[] separators)
    {
        int limit = connection.StreamOptions.LineBytesMax;
        int longest = separators.Max(static separator => separator.Length);
        if (_turnReads > ReadsPerTurn)
        {
            await EndTurn();
        }
        long from = 0;
        while (true)
        {
            long buffered = _reader.Buffered.Length;
            if (FirstEnd(_reader.Buffered, from, separators) is { } found)
            {
                return found.Start > limit ? found with { Outcome = SearchEnd.Overrun } : found;
            }

            // No separator can start before this.
            from = Math.Max(0, buffered + 1 - longest);
            if (from > limit)
            {
                return new Search(SearchEnd.Overrun, from);
            }

            if (_reader.HasEnded)
            {
                return new Search(SearchEnd.Ended);
            }

            await FillTo(buffered + 1);
        }
    }

    /// <summary>
    /// The separator that ends first; of two that end there, the shorter one.
    /// </summary>
    private static Search? FirstEnd(
        ReadOnlySequence<byte> data, long from, ReadOnlyMemory<byte>[] separators)
    {
        Search? first = null;
        foreach (ReadOnlyMemory<byte> separator in separators)
        {
            var sequence = new SequenceReader<byte>(data);
            sequence.Advance(from);
            if (!sequence.TryReadTo(
                out ReadOnlySequence<byte> _, separator.Span, advancePastDelimiter: false))
            {
                continue;
            }

            long start = sequence.Consumed;
            long end = start + separator.Length;
            if (first is not { } best || end < best.End || (end == best.End && start > best.Start))
            {
                first = new Search(SearchEnd.Found, start, end);
            }
        }

        return first;
    }

    /// <summary>Drops the rest of a line that was too long.</summary>
    private async Coroutine SkipLine()
    {
        while (_isInLongLine)
        {
            await FillTo(1);
            ReadOnlySequence<byte> buffered = _reader.Buffered;
            SequencePosition? newline = buffered.PositionOf((byte)'\n');
            _isInLongLine = newline is null && !_reader.HasEnded;
            _reader.Consume(newline is { } position
                ? (int)buffered.Slice(0, position).Length + 1
                : (int)buffered.Length);
        }
    }

    private async Coroutine FillTo(long bytes)
    {
        if (_turnReads > ReadsPerTurn)
        {
            await EndTurn();
        }
        while (_reader.Buffered.Length < bytes && !_reader.HasEnded)
        {
            if (!_reader.TryReceive())
            {
                await connection.WaitReadableAsync();
                BeginTurn();
            }
            else if (--_receivesLeft == 0)
            {
                await EndTurn();
            }
        }
    }

    private async Coroutine EndTurn()
    {
        await EventLoop.Yield();
        BeginTurn();
    }

    // The present read is the first of the turn.
    private void BeginTurn() => (_receivesLeft, _turnReads) = (ReceivesPerTurn, 1);

    private byte[] Take(int bytes)
    {
        byte[] taken = new byte[bytes];
        Take(taken);
        return taken;
    }

    private void Take(Span<byte> target)
    {
        _reader.Buffered.Slice(0, target.Length).CopyTo(target);
        _reader.Consume(target.Length);
    }

    /// <summary>Begins a read, which the result ends.</summary>
    /// <exception cref="InvalidOperationException">Another task reads.</exception>
    private ReadScope Begin()
    {
        _reader.ThrowIfCompleted();
        if (_isReading)
        {
            throw new InvalidOperationException(
                "Another task is waiting to read from this connection: one read at a time.");
        }

        _isReading = true;
        _turnReads++;
        return new ReadScope(this);
    }

    private void ThrowIfReset()
    {
        if (connection.CloseReason is CloseReason.PeerReset or CloseReason.Failed)
        {
            throw connection.ResetException();
        }
    }

    private LimitOverrunException MakeOverrun(Search search, long consumed) => new(
        (search.End > 0
            ? $"A separator was found, but only after {search.Start} bytes"
            : $"No separator was found in {search.Start} bytes")
        + $", and the limit is {connection.StreamOptions.LineBytesMax}.",
        consumed);

    private IncompleteReadException MakeIncomplete(long? expected)
    {
        ThrowIfReset();
        return new IncompleteReadException(Take((int)_reader.Buffered.Length), expected);
    }
}
