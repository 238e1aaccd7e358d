using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// Reading in asyncio's manner over the pull-based reader: so many bytes, up to a separator, a
/// line, everything. Bytes stay in the connection's blocks until a read has all that it wants, so a
/// read that is cancelled loses none; and nothing is received beyond what the present read needs.
/// </summary>
/// <remarks>
/// Loop thread only, one read at a time. A read up to a separator receives only while it holds no
/// more than the limit, so limit, separator and one block bound what is buffered.
/// </remarks>
internal sealed class StreamReads(Connection connection, ConnectionReader reader)
{
    /// <summary>
    /// Receives in a row before other tasks have a turn: 256 KiB, a few dozen microseconds of
    /// copying, against a peer that sends as fast as we read.
    /// </summary>
    private const int ReceivesPerTurn = 16;

    /// <summary>
    /// Reads in a row before other tasks have a turn: a block may hold 16 thousand empty lines, and
    /// each costs as much as a line of a hundred bytes.
    /// </summary>
    private const int ReadsPerTurn = 1024;

    private static readonly ReadOnlyMemory<byte>[] s_newline = [new[] { (byte)'\n' }];

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

    /// <summary>
    /// What a search came to. An overrun with <c>End</c> 0 has found no separator yet.
    /// </summary>
    private readonly record struct Search(SearchEnd Outcome, long Start = 0, long End = 0);

    public async Coroutine<int> Read(Memory<byte> buffer)
    {
        bool isTurnOver = Begin();
        try
        {
            _isInLongLine = false;
            if (isTurnOver)
            {
                await EndTurn();
            }

            await FillTo(Math.Min(1, buffer.Length));
            int count = (int)Math.Min(buffer.Length, reader.Buffered.Length);
            if (count == 0 && buffer.Length > 0)
            {
                ThrowIfReset();
            }

            Take(buffer.Span[..count]);
            return count;
        }
        finally
        {
            _isReading = false;
        }
    }

    public async Coroutine<byte[]> ReadExactly(int bytes)
    {
        await Gather(bytes);
        return Take(bytes);
    }

    public async Coroutine ReadExactly(Memory<byte> buffer)
    {
        await Gather(buffer.Length);
        Take(buffer.Span);
    }

    public async Coroutine<byte[]> ReadToEnd(int bytesMax)
    {
        bool isTurnOver = Begin();
        try
        {
            _isInLongLine = false;
            if (isTurnOver)
            {
                await EndTurn();
            }

            await FillTo((long)bytesMax + 1);
            if (reader.Buffered.Length > bytesMax)
            {
                throw new LimitOverrunException(
                    $"The stream has not ended after {bytesMax} bytes, which is the limit.",
                    bytesMax);
            }

            ThrowIfReset();
            return Take((int)reader.Buffered.Length);
        }
        finally
        {
            _isReading = false;
        }
    }

    public async Coroutine<byte[]> ReadUntil(ReadOnlyMemory<byte>[] separators)
    {
        bool isTurnOver = Begin();
        try
        {
            _isInLongLine = false;
            if (isTurnOver)
            {
                await EndTurn();
            }

            Search search = await SearchFor(separators);
            return search.Outcome switch
            {
                SearchEnd.Found => Take((int)search.End),
                SearchEnd.Overrun => throw MakeOverrun(search, search.Start),
                _ => throw MakeIncomplete(null),
            };
        }
        finally
        {
            _isReading = false;
        }
    }

    public async Coroutine<byte[]> ReadLine()
    {
        bool isTurnOver = Begin();
        try
        {
            if (isTurnOver)
            {
                await EndTurn();
            }

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
                    return Take((int)reader.Buffered.Length);
                default:
                    long dropped = search.End > 0 ? search.End : reader.Buffered.Length;
                    reader.Consume((int)dropped);
                    _isInLongLine = search.End == 0;
                    throw MakeOverrun(search, dropped);
            }
        }
        finally
        {
            _isReading = false;
        }
    }

    /// <summary>Waits for bytes that the caller takes at once.</summary>
    private async Coroutine Gather(int bytes)
    {
        bool isTurnOver = Begin();
        try
        {
            _isInLongLine = false;
            if (isTurnOver)
            {
                await EndTurn();
            }

            await FillTo(bytes);
            if (reader.Buffered.Length < bytes)
            {
                throw MakeIncomplete(bytes);
            }
        }
        finally
        {
            _isReading = false;
        }
    }

    /// <summary>Receives until a separator has come, the limit is over, or the end.</summary>
    private async Coroutine<Search> SearchFor(ReadOnlyMemory<byte>[] separators)
    {
        int limit = connection.StreamOptions.LimitBytes;
        int longest = separators.Max(static separator => separator.Length);
        long from = 0;
        while (true)
        {
            long buffered = reader.Buffered.Length;
            if (FirstEnd(reader.Buffered, from, separators) is { } found)
            {
                return found.Start > limit ? found with { Outcome = SearchEnd.Overrun } : found;
            }

            // What lies before this cannot be the start of a separator any more.
            from = Math.Max(0, buffered + 1 - longest);
            if (from > limit)
            {
                return new Search(SearchEnd.Overrun, from);
            }

            if (reader.HasEnded)
            {
                return new Search(SearchEnd.Ended);
            }

            await FillTo(buffered + 1);
        }
    }

    /// <summary>
    /// The separator that ends first, so that the result is the shortest that any of them ends,
    /// however the bytes were cut; of two that end there, the shorter one.
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

    /// <summary>Passes over the rest of a line that was too long.</summary>
    private async Coroutine SkipLine()
    {
        while (_isInLongLine)
        {
            await FillTo(1);
            ReadOnlySequence<byte> buffered = reader.Buffered;
            SequencePosition? newline = buffered.PositionOf((byte)'\n');
            _isInLongLine = newline is null && !reader.HasEnded;
            reader.Consume(newline is { } position
                ? (int)buffered.Slice(0, position).Length + 1
                : (int)buffered.Length);
        }
    }

    private async Coroutine FillTo(long bytes)
    {
        while (reader.Buffered.Length < bytes && !reader.HasEnded)
        {
            if (!reader.TryReceive())
            {
                await connection.WaitReadable();
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
        reader.Buffered.Slice(0, target.Length).CopyTo(target);
        reader.Consume(target.Length);
    }

    /// <summary>A read begins; true if other tasks must have a turn before it.</summary>
    private bool Begin()
    {
        reader.ThrowIfCompleted();
        if (_isReading)
        {
            throw new InvalidOperationException(
                "Another task is waiting to read from this connection: one read at a time.");
        }

        _isReading = true;
        return _turnReads++ >= ReadsPerTurn;
    }

    private void ThrowIfReset()
    {
        if (connection.CloseReason is CloseReason.PeerReset or CloseReason.Failed)
        {
            throw new ConnectionResetException(connection);
        }
    }

    private LimitOverrunException MakeOverrun(Search search, long consumed) => new(
        (search.End > 0
            ? $"A separator was found, but only after {search.Start} bytes"
            : $"No separator was found in {search.Start} bytes")
        + $", and the limit is {connection.StreamOptions.LimitBytes}.",
        consumed);

    private IncompleteReadException MakeIncomplete(long? expected)
    {
        ThrowIfReset();
        return new IncompleteReadException(Take((int)reader.Buffered.Length), expected);
    }
}
