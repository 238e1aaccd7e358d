// Where one response ends and the next begins, and nothing else: no socket, no clock.
//
// Contract: `Read` takes from the front of the buffer what it understands. Done: the buffer now
// begins right after a response, of which Status, KeepAlive and Bytes tell; call `Next` before
// reading on. NeedMore: what is left must come again with more behind it. Rejected: for good, the
// peer does not speak HTTP. Bodies are counted and dropped; they have no limit, because they are
// never kept.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>Finds the responses in one connection's bytes. One thread at a time.</summary>
internal sealed class ResponseReader
{
    private readonly ResponseParser _parser;
    private readonly ResponseHead _head = new();
    private readonly BodyDecoder _body = new();
    private bool _isInBody;
    private bool _isBegun;

    public ResponseReader(KnownMethod method) =>
        _parser = new ResponseParser { RequestMethod = method };

    /// <summary>The status of the last response, once it is done.</summary>
    public int Status => _head.Status;

    /// <summary>Whether the connection may be used after the last response.</summary>
    public bool KeepAlive => _head.KeepAlive;

    /// <summary>Bytes of the response so far, interim ones included.</summary>
    public long Bytes { get; private set; }

    /// <summary>True between responses: no byte of the next one was seen.</summary>
    public bool IsIdle => !_isBegun;

    /// <summary>Begins with the next response; what the last one told is gone.</summary>
    public void Next()
    {
        Bytes = 0;
        _isBegun = false;
        _isInBody = false;
    }

    /// <summary>Begins with a new connection.</summary>
    public void Reset()
    {
        Next();
        _parser.Reset();
    }

    /// <summary>Gives the rented buffers back.</summary>
    public void Release()
    {
        _head.Release();
        _body.Release();
    }

    /// <summary>Reads on; see the contract above.</summary>
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
    /// The stream has ended: Done if that is how this response ends, else Rejected.
    /// </summary>
    public ParseStatus ReadEnd() => _isInBody && _body.ReadEnd() == BodyStatus.Done
        ? ParseStatus.Done
        : ParseStatus.Rejected;

    // Done: a whole response. NeedMore: more bytes, or the body, which begins the buffer.
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
                return ParseStatus.Rejected; // nobody asked for another protocol
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
