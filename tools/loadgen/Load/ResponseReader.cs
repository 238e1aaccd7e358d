// Finds the end of each response in a byte stream; no socket, no clock.
//
// Contract: `Read` consumes from the front of the buffer. Done: the buffer begins after a response,
// described by Status, KeepAlive and Bytes; call `Next` before reading on. NeedMore: pass the rest
// again with more bytes. Rejected (final): the peer does not speak HTTP. Bodies are counted and
// dropped without a limit.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>Reads the responses of one connection. One thread at a time.</summary>
internal sealed class ResponseReader(KnownMethod method)
{
    private readonly ResponseParser _parser = new() { RequestMethod = method };
    private readonly ResponseHead _head = new();
    private readonly BodyDecoder _body = new();
    private bool _isInBody;
    private bool _isBegun;

    /// <summary>The status of the last complete response.</summary>
    public int Status => _head.Status;

    /// <summary>Whether the connection can be reused after the last response.</summary>
    public bool KeepAlive => _head.KeepAlive;

    /// <summary>Bytes of the response so far, interim ones included.</summary>
    public long Bytes { get; private set; }

    /// <summary>True between responses.</summary>
    public bool IsIdle => !_isBegun;

    /// <summary>Starts the next response and resets the properties.</summary>
    public void Next()
    {
        Bytes = 0;
        _isBegun = false;
        _isInBody = false;
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
        _isBegun |= !buffer.IsEmpty;
        while (!buffer.IsEmpty)
        {
            long before = buffer.Length;
            ParseStatus status = _isInBody ? ReadBody(ref buffer) : ReadHead(ref buffer);
            if (status != ParseStatus.NeedMore || buffer.Length == before)
            {
                return status;
            }
        }

        return ParseStatus.NeedMore;
    }

    /// <summary>
    /// Call at the end of the stream: Done if it delimits this response, else Rejected.
    /// </summary>
    public ParseStatus ReadEnd() => _isInBody && _body.ReadEnd() == BodyStatus.Done
        ? ParseStatus.Done
        : ParseStatus.Rejected;

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
        }
    }

    private ParseStatus ReadBody(ref ReadOnlySequence<byte> buffer)
    {
        BodyStatus status = _body.Read(buffer, null, out SequencePosition consumed);
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
}
