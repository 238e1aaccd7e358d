// Finds the requests in a byte stream, strictly; no socket, no clock.
//
// Contract: `Read` takes one request from the front of the buffer. Done: the buffer begins after a
// request whose body was dropped. NeedMore: pass the rest again with more bytes. Rejected (final):
// `Rejection` tells why.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>Reads the requests of one connection. One thread at a time.</summary>
internal sealed class RequestReader
{
    private readonly RequestParser _parser = new();
    private readonly RequestHead _head = new();
    private readonly BodyDecoder _body = new();
    private bool _isInBody;

    /// <summary>True between requests: no byte of the next one was read.</summary>
    public bool IsIdle => !_isInBody && _parser.IsIdle;

    /// <summary>True if the last request may be followed by others.</summary>
    public bool KeepAlive => _head.KeepAlive && _head.VersionMinor > 0;

    /// <summary>True if the response to the last request has no body.</summary>
    public bool IsHead => _head.Method == KnownMethod.Head;

    /// <summary>True while the peer waits for an interim response before it sends a body.</summary>
    public bool WantsContinue { get; private set; }

    /// <summary>Why a request was refused.</summary>
    public Rejection Rejection =>
        _parser.Rejection == Rejection.None ? _body.Rejection : _parser.Rejection;

    /// <summary>Notes that the interim response was sent.</summary>
    public void OnContinued() => WantsContinue = false;

    /// <summary>Returns the rented buffers.</summary>
    public void Release()
    {
        _head.Release();
        _body.Release();
    }

    /// <summary>Continues reading; see the contract above.</summary>
    public ParseStatus Read(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return ParseStatus.NeedMore;
        }

        if (!_isInBody)
        {
            ParseStatus status = _parser.Parse(buffer, _head, out SequencePosition head);
            if (status != ParseStatus.Done)
            {
                return status;
            }

            buffer = buffer.Slice(head);
            BodyStatus body = _body.Start(_head.BodyKind, _head.ContentLength, long.MaxValue);
            _isInBody = body == BodyStatus.NeedMore;
            WantsContinue = _isInBody && _head.ExpectContinue && buffer.IsEmpty;
        }

        return _isInBody ? ReadBody(ref buffer) : ParseStatus.Done;
    }

    private ParseStatus ReadBody(ref ReadOnlySequence<byte> buffer)
    {
        BodyStatus status = _body.Read(buffer, null, out SequencePosition consumed);
        buffer = buffer.Slice(consumed);
        _isInBody = status == BodyStatus.NeedMore;
        return status switch
        {
            BodyStatus.Done => ParseStatus.Done,
            BodyStatus.Rejected => ParseStatus.Rejected,
            _ => ParseStatus.NeedMore,
        };
    }
}
