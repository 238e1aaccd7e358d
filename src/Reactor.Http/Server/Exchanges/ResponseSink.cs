using System.Buffers;
using System.IO.Pipelines;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Frames the body of a response in pieces, and makes the writer wait while the peer does not take
/// them. Reused for each response of an exchange.
/// </summary>
/// <remarks>
/// Loop thread only. Open for one response at a time; a write for another, ended or replaced,
/// throws.
/// </remarks>
internal sealed class ResponseSink(ChannelLoan loan, ChannelLimits limits)
{
    private readonly BodyOutput _body = new(loan, limits);
    private ResponseTrailers? _trailers;
    private long _announced;
    private long _accepted;
    private bool _isChunked;

    public Response? Response { get; private set; }

    /// <summary>True if the response may have no body.</summary>
    public bool IsBodiless { get; private set; }

    public bool HasEnded { get; private set; }

    public long BodyBytes { get; private set; }

    /// <summary>True if less was written than the head promises.</summary>
    public bool IsShort =>
        Response is not null && !IsBodiless && _announced >= 0 && BodyBytes != _announced;

    /// <summary>True if a response has begun and all that its head promises is written.</summary>
    public bool IsWhole =>
        Response is not null && !IsShort && (IsBodiless || HasEnded || _announced >= 0);

    private PipeWriter Output => loan.Channel.Output;

    public void Reset()
    {
        Response = null;
        HasEnded = false;
        BodyBytes = 0;
    }

    /// <summary>Notes a body that was written with its head.</summary>
    public void TakeWhole(long bodyBytes, bool isBodiless)
    {
        IsBodiless = isBodiless;
        BodyBytes = isBodiless ? 0 : bodyBytes;
        HasEnded = true;
    }

    public void Begin(
        Response response, long announced, bool isBodiless, bool isChunked,
        ResponseTrailers? trailers)
    {
        Reset();
        Response = response;
        IsBodiless = isBodiless;
        _announced = announced;
        _isChunked = isChunked;
        _trailers = trailers;
        _accepted = 0;
        _body.Begin(isChunked);
    }

    public bool IsOpenFor(Response response) => ReferenceEquals(Response, response) && !HasEnded;

    /// <summary>Writes a piece of any size, and waits while the peer does not take it.</summary>
    public async Coroutine WriteAsync(Response response, ReadOnlyMemory<byte> data)
    {
        ThrowIfEnded(response);
        if (loan.Channel.Connection is { IsOutputBroken: true } broken)
        {
            throw broken.ResetException(); // its handler may know no other end
        }

        if (_announced >= 0 && data.Length > _announced - _accepted)
        {
            throw new InvalidOperationException(
                $"This is more than the {_announced} bytes that the response announced.");
        }

        _accepted += data.Length;
        try
        {
            while (!data.IsEmpty)
            {
                int length = Math.Min(data.Length, _body.PieceBytesMax);
                if (_body.MustWait(length))
                {
                    await _body.MakeRoomAsync(length);
                    ThrowIfEnded(response); // its handler did not wait for this write
                }

                WritePiece(data.Span[..length]);
                data = data[length..];
                _body.Count(length);
            }
        }
        finally
        {
            if (ReferenceEquals(Response, response))
            {
                _accepted -= data.Length; // the rest of a cancelled write was not sent
            }
        }

        loan.Channel.FlushSoon();
    }

    public void End()
    {
        if (HasEnded)
        {
            return;
        }

        HasEnded = true;
        if (!_isChunked || IsBodiless)
        {
            return;
        }

        if (_trailers is null)
        {
            _body.End();
            return;
        }

        Output.Write(ChunkFraming.LastChunk[..^2]); // its trailer section is empty
        var section = new ResponseHeadWriter(Output);
        _trailers.Write(ref section);
    }

    /// <summary>Ends the response without its rest.</summary>
    public void Close() => Response = null;

    private void ThrowIfEnded(Response response)
    {
        if (!IsOpenFor(response))
        {
            throw new InvalidOperationException("The response has ended.");
        }
    }

    private void WritePiece(ReadOnlySpan<byte> data)
    {
        if (IsBodiless)
        {
            return; // not sent (RFC 9110 9.3.2, RFC 9112 6.3)
        }

        BodyBytes += data.Length;
        _body.Write(data);
    }
}
