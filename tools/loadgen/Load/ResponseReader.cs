// Finds the end of each response in a byte stream and judges it; no socket, no clock.
//
// Contract: `Read` consumes from the front of the buffer. Done: the buffer begins after a response,
// described by Status, Outcome, KeepAlive, Deviations and Bytes; call `Next` before reading on.
// NeedMore: pass the rest again with more bytes. Rejected (final): the peer does not speak HTTP,
// see Rejection. Bodies are counted and dropped without a limit, unless they are expected to be
// something.
//
// A response whose bytes equal the last complete one is not parsed, see RepeatedResponse. So most
// pipelined responses cost a comparison; a changed Date costs one parse a second.
using System.Buffers;
using System.Security.Cryptography;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>Reads the responses of one connection. One thread at a time.</summary>
internal sealed class ResponseReader
{
    private readonly Expectation _expectation;
    private readonly ResponseParser _parser;
    private readonly ResponseHead _head = new();
    private readonly BodyDecoder _body = new(ParserLimits.Tolerant);
    private readonly ArrayBufferWriter<byte>? _content;
    private readonly RepeatedResponse _last = new();
    private bool _isInBody;
    private bool _isBegun;
    private bool _hasInterim;

    /// <summary>Makes a reader.</summary>
    /// <param name="method">The method of the requests.</param>
    /// <param name="expectation">What a success is; null for a status of 200 to 399.</param>
    public ResponseReader(KnownMethod method, Expectation? expectation = null)
    {
        _expectation = expectation ?? new Expectation();
        _parser = new ResponseParser(isTolerant: true) { RequestMethod = method };
        _content = _expectation.NeedsBody ? new ArrayBufferWriter<byte>() : null;
    }

    /// <summary>The status of the last complete response.</summary>
    public int Status { get; private set; }

    /// <summary>None if the last complete response is what was expected.</summary>
    public Cause Outcome { get; private set; }

    /// <summary>What the last complete response has that HTTP/1.1 forbids.</summary>
    public ResponseDeviations Deviations { get; private set; }

    /// <summary>Whether the connection can be reused after the last response.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Bytes of the response so far, interim ones included.</summary>
    public long Bytes { get; private set; }

    /// <summary>True between responses.</summary>
    public bool IsIdle => !_isBegun;

    /// <summary>Why the bytes were rejected.</summary>
    public Rejection Rejection =>
        _parser.Rejection != Rejection.None ? _parser.Rejection : _body.Rejection;

    /// <summary>Starts the next response.</summary>
    public void Next()
    {
        Bytes = 0;
        _isBegun = false;
        _isInBody = false;
        _hasInterim = false;
        _content?.ResetWrittenCount();
    }

    /// <summary>Starts a new connection.</summary>
    public void Reset()
    {
        Next();
        _parser.Reset();
    }

    /// <summary>Returns the rented buffers.</summary>
    public void Release()
    {
        _head.Release();
        _body.Release();
    }

    /// <summary>Continues reading; see the contract above.</summary>
    public ParseStatus Read(ref ReadOnlySequence<byte> buffer)
    {
        if (_isBegun)
        {
            return Parse(ref buffer);
        }

        if (_last.IsAtStartOf(buffer))
        {
            _isBegun = true;
            Bytes = _last.Length;
            buffer = buffer.Slice(Bytes);
            return ParseStatus.Done;
        }

        ReadOnlySequence<byte> whole = buffer;
        ParseStatus status = Parse(ref buffer);
        if (status == ParseStatus.Done)
        {
            Remember(whole);
        }

        return status;
    }

    /// <summary>
    /// Call at the end of the stream: Done if it delimits this response, else Rejected.
    /// </summary>
    public ParseStatus ReadEnd()
    {
        if (!_isInBody || _body.ReadEnd() != BodyStatus.Done)
        {
            return ParseStatus.Rejected;
        }

        Describe();
        return ParseStatus.Done;
    }

    private ParseStatus Parse(ref ReadOnlySequence<byte> buffer)
    {
        _isBegun |= !buffer.IsEmpty;
        while (!buffer.IsEmpty)
        {
            long before = buffer.Length;
            ParseStatus status = _isInBody ? ReadBody(ref buffer) : ReadHead(ref buffer);
            if (status == ParseStatus.Done)
            {
                Describe();
            }

            if (status != ParseStatus.NeedMore || buffer.Length == before)
            {
                return status;
            }
        }

        return ParseStatus.NeedMore;
    }

    // Done: a complete response. NeedMore: more bytes, or the body at the start of the buffer.
    private ParseStatus ReadHead(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            ParseStatus status = _parser.Parse(buffer, _head, out SequencePosition consumed);
            if (status != ParseStatus.Done)
            {
                return status;
            }

            Take(ref buffer, consumed);
            if (_head.Status == 101)
            {
                return ParseStatus.Rejected; // no upgrade was requested
            }

            if (!_head.IsInterim)
            {
                BodyStatus body = _body.Start(_head.BodyKind, _head.ContentLength, long.MaxValue);
                _isInBody = body == BodyStatus.NeedMore;
                return _isInBody ? ParseStatus.NeedMore : ParseStatus.Done;
            }

            _hasInterim = true;
        }
    }

    private ParseStatus ReadBody(ref ReadOnlySequence<byte> buffer)
    {
        BodyStatus status = _body.Read(buffer, _content, out SequencePosition consumed);
        Take(ref buffer, consumed);
        return status switch
        {
            BodyStatus.Done => ParseStatus.Done,
            BodyStatus.Rejected => ParseStatus.Rejected,
            _ => ParseStatus.NeedMore,
        };
    }

    private void Take(ref ReadOnlySequence<byte> buffer, SequencePosition consumed)
    {
        long before = buffer.Length;
        buffer = buffer.Slice(consumed);
        Bytes += before - buffer.Length;
    }

    // What is kept must be what is described: Remember follows where the bytes are at hand.
    private void Describe()
    {
        _last.Clear();
        Status = _head.Status;
        KeepAlive = _head.KeepAlive;
        Deviations = _head.Deviations;
        Outcome = _expectation.Judge(Status);
        if (Outcome == Cause.None && _content is not null && !IsBodyExpected(_content.WrittenSpan))
        {
            Outcome = Cause.BodyMismatch;
        }
    }

    private bool IsBodyExpected(ReadOnlySpan<byte> body) =>
        (_expectation.BodyHash is not { } hash || SHA256.HashData(body).AsSpan().SequenceEqual(
            hash.Span))
        && (_expectation.BodyPart is not { } part || body.IndexOf(part.Span) >= 0);

    private void Remember(in ReadOnlySequence<byte> whole)
    {
        if (!_hasInterim && _head.BodyKind is BodyKind.None or BodyKind.ContentLength)
        {
            _last.Keep(whole, Bytes);
        }
    }
}
