// Drives the request parser and the body decoder as a connection does, and writes a trace.
//
// This source is compiled a second time beside changed sources of the parser; it uses nothing but
// their public surface, `IWireParser` and `WireTrace`.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Testing;

/// <summary>The parser of this repository behind <see cref="IWireParser"/>.</summary>
public sealed class WireParser : IWireParser
{
    private enum Step
    {
        Again,
        Wait,
        Stop,
    }

    // A call reads up to so many chunks, sometimes fewer: the bound must not show in the trace.
    private const int ChunksMax = 3;

    private readonly RequestParser _parser = new();
    private readonly RequestHead _head = new();
    private readonly BodyDecoder _body = new();
    private readonly ArrayBufferWriter<byte> _content = new();
    private WireTrace _trace = new();
    private bool _inBody;
    private int _start;
    private int _used;

    /// <inheritdoc/>
    public void Run(IEnumerable<ReadOnlySequence<byte>> buffers, WireTrace trace)
    {
        _trace = trace;
        trace.Clear();
        _parser.Reset();
        _inBody = false;
        _start = 0;
        _used = 0;
        SequencePosition? next = null;
        foreach (ReadOnlySequence<byte> buffer in buffers)
        {
            ReadOnlySequence<byte> rest = next is { } from ? buffer.Slice(from) : buffer;
            if (ReadAll(ref rest) == Step.Stop)
            {
                return;
            }

            next = rest.Start;
        }

        if (_inBody)
        {
            trace.EndContent();
        }

        trace.Line(_inBody ? "needs body"u8 : _parser.IsIdle ? "idle"u8 : "needs head"u8);
    }

    private Step ReadAll(ref ReadOnlySequence<byte> rest)
    {
        var step = Step.Again;
        while (step == Step.Again && !rest.IsEmpty)
        {
            step = _inBody ? ReadBody(ref rest) : ReadHead(ref rest);
        }

        return step;
    }

    private Step ReadHead(ref ReadOnlySequence<byte> rest)
    {
        ParseStatus status = Parse(rest, out SequencePosition consumed);
        if (status != ParseStatus.Done && !consumed.Equals(rest.Start))
        {
            return Break("what is no head consumes nothing");
        }

        if (status == ParseStatus.Rejected)
        {
            return _parser.Parse(rest, _head, out _) == ParseStatus.Rejected
                ? Reject(_parser.Rejection, _parser.RejectionOffset)
                : Break("a rejection stands");
        }

        if (status == ParseStatus.NeedMore)
        {
            return Step.Wait;
        }

        int length = (int)rest.Slice(0, consumed).Length;
        if (length == 0)
        {
            return Break("a head has bytes");
        }

        Describe(_start, _start + length);
        _start += length;
        rest = rest.Slice(consumed);
        switch (_body.Start(_head))
        {
            case BodyStatus.Rejected:
                return Reject(_body.Rejection, _body.RejectionOffset);
            case BodyStatus.Done:
                return EndMessage();
            default:
                _inBody = true;
                _used = 0;
                return Step.Again;
        }
    }

    // As a connection does: what lies in one piece is parsed as one, and as a sequence if that did
    // not do.
    private ParseStatus Parse(in ReadOnlySequence<byte> rest, out SequencePosition consumed)
    {
        if (rest.IsSingleSegment)
        {
            ParseStatus status = _parser.Parse(rest.FirstSpan, _head, out int bytes);
            if (status != ParseStatus.NeedMore)
            {
                consumed = rest.GetPosition(bytes);
                return status;
            }
        }

        return _parser.Parse(rest, _head, out consumed);
    }

    private Step ReadBody(ref ReadOnlySequence<byte> rest)
    {
        long chunks = _body.Chunks;
        int chunksMax = (_used % ChunksMax) + 1;
        _content.ResetWrittenCount();
        BodyStatus status = _body.Read(
            rest, _content, out SequencePosition consumed, chunksMax);
        int length = (int)rest.Slice(0, consumed).Length;
        if (_content.WrittenCount > length)
        {
            return Break("content is consumed");
        }

        bool isBounded = _body.Chunks - chunks == chunksMax;
        if (_body.Chunks - chunks > chunksMax)
        {
            return Break("a call begins no more chunks than it may");
        }

        _trace.Content(new ReadOnlySequence<byte>(_content.WrittenMemory));
        _used += length;
        rest = rest.Slice(consumed);
        switch (status)
        {
            case BodyStatus.Rejected:
                return Reject(_body.Rejection, _body.RejectionOffset);
            case BodyStatus.Done:
                EndBody();
                return EndMessage();
            default:
                return rest.IsEmpty ? Step.Wait
                    : isBounded ? Step.Again : Break("what is understood is consumed");
        }
    }

    private void Describe(int start, int end)
    {
        _trace.Request(_head.MethodBytes, _head.Target, _head.VersionMinor, start, end);
        if (_head.Form != TargetForm.Origin)
        {
            _trace.Line(_head.Form == TargetForm.Absolute ? "form absolute"u8 : "form asterisk"u8);
        }

        LineUnless(_head.Path.SequenceEqual(_head.Target), "path"u8, _head.Path);
        LineUnless(_head.Query.IsEmpty, "query"u8, _head.Query);
        LineUnless(_head.Authority.IsEmpty, "host"u8, _head.Authority);
        for (int i = 0; i < _head.Count; i++)
        {
            _trace.Field("field"u8, _head[i].Name, _head[i].Value);
        }

        if (_head.BodyKind == BodyKind.Chunked)
        {
            _trace.Line("body chunked"u8);
        }
        else if (_head.ContentLength >= 0)
        {
            _trace.Line("body"u8, _head.ContentLength);
        }

        if (_head.ExpectContinue)
        {
            _trace.Line("expects 100-continue"u8);
        }

        if (_head.HasUpgrade)
        {
            _trace.Line("upgrade"u8);
        }
    }

    private void LineUnless(bool not, ReadOnlySpan<byte> word, ReadOnlySpan<byte> octets)
    {
        if (!not)
        {
            _trace.Line(word, octets);
        }
    }

    private void EndBody()
    {
        _trace.EndContent();
        for (int i = 0; i < _body.Trailers.Count; i++)
        {
            _trace.Field("trailer"u8, _body.Trailers[i].Name, _body.Trailers[i].Value);
        }

        if (_body.Trailers.DroppedCount > 0)
        {
            _trace.Line("dropped"u8, _body.Trailers.DroppedCount);
        }

        _inBody = false;
        _start += _used;
    }

    private Step EndMessage()
    {
        if (_head.KeepAlive)
        {
            return Step.Again;
        }

        _trace.Line("closed"u8);
        return Step.Stop;
    }

    private Step Reject(Rejection reason, long offset)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        _trace.Rejected(info.Id, info.Status, _start + offset);
        return Step.Stop;
    }

    private Step Break(string rule)
    {
        _trace.Break(rule);
        return Step.Stop;
    }
}
