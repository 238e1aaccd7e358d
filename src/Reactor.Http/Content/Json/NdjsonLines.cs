using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The lines of JSON in a request's body, for <c>await foreach</c>; from
/// <c>request.ReadNdjson</c>. Holds at most one line and a block of the connection.
/// </summary>
/// <remarks>Loop thread only. The body is read once: enumerate once.</remarks>
/// <typeparam name="T">The type of a line.</typeparam>
public sealed class NdjsonLines<T>
{
    private readonly PipeReader _body;
    private readonly JsonTypeInfo<T> _metadata;
    private readonly JsonLimits _limits;

    internal NdjsonLines(PipeReader body, JsonTypeInfo<T> metadata, JsonLimits limits)
    {
        _body = body;
        _metadata = metadata;
        _limits = limits;
    }

    /// <summary>For <c>await foreach</c>.</summary>
    public Enumerator GetAsyncEnumerator() => new(this);

    /// <summary>The way through the lines. Loop thread only.</summary>
#pragma warning disable CA1034 // what await foreach needs has no meaning elsewhere
    public sealed class Enumerator
#pragma warning restore CA1034
    {
        private readonly NdjsonLines<T> _lines;
        private long _scanned;
        private int _line;
        private int _items;

        internal Enumerator(NdjsonLines<T> lines) => _lines = lines;

        /// <summary>The value of the present line.</summary>
        public T Current { get; private set; } = default!;

        /// <summary>Waits for the next line; false after the last.</summary>
        /// <exception cref="HttpException">
        /// 400, 413 or 422: the line is invalid; the detail has its number.
        /// </exception>
        /// <exception cref="RequestBodyException">
        /// The body is too large, malformed, late, or incomplete.
        /// </exception>
        public async Coroutine<bool> MoveNextAsync()
        {
            while (true)
            {
                ReadResult read = await _lines._body.ReadAsync();
                ReadOnlySequence<byte> buffer = read.Buffer;
                bool hasLine = TryTakeLine(
                    buffer, read.IsCompleted, out ReadOnlySequence<byte> line, out var next);
                bool isItem = false;
                try
                {
                    isItem = hasLine && TryRead(line);
                }
                finally
                {
                    // What was scanned without finding an end is examined: wait for more.
                    _lines._body.AdvanceTo(next, hasLine ? next : buffer.End);
                }

                if (isItem || (read.IsCompleted && !hasLine))
                {
                    return isItem;
                }
            }
        }

        private bool TryTakeLine(
            in ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line,
            out SequencePosition next)
        {
            // Only new bytes are searched: a line that comes in single bytes costs no square.
            SequencePosition? end = buffer.Slice(_scanned).PositionOf(Grammar.Lf);
            line = end is { } position ? buffer.Slice(0, position) : buffer;
            bool isWhole = end is not null || (isLast && !buffer.IsEmpty);
            if (line.Length > _lines._limits.LineBytesMax)
            {
                throw HttpException.ContentTooLarge(
                    $"Line {_line + 1} has more than {_lines._limits.LineBytesMax} bytes.");
            }

            next = end is { } feed ? buffer.GetPosition(1, feed)
                : isWhole ? buffer.End : buffer.Start;
            _scanned = isWhole ? 0 : buffer.Length;
            return isWhole;
        }

        private bool TryRead(in ReadOnlySequence<byte> line)
        {
            _line++;
            ReadOnlySpan<byte> text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
            if (text.IndexOfAnyExcept(" \t\r"u8) < 0)
            {
                return false;
            }

            Current = JsonText.Read(text, _lines._metadata, _lines._limits, $"Line {_line}");
            Validation.ThrowIfInvalid(Current!, $"[{_items++}]");
            return true;
        }
    }
}
