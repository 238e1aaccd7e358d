using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The parts of a multipart form, for one <c>await foreach</c> (aiohttp: <c>MultipartReader</c>).
/// A part that is not read is skipped when the next one is asked for.
/// </summary>
/// <remarks>
/// Loop thread only. It holds what the body has read and not more: a slow handler holds its client
/// back. A cancelled step loses nothing.
/// </remarks>
public sealed class MultipartReader
{
    private readonly Request _request;
    private readonly PipeReader _body;
    private readonly MultipartDecoder _decoder;
    private readonly SpoolCopy _copy;
    private MultipartPart? _current;
    private SequencePosition _end;
    private ReadOnlySequence<byte> _rest;
    private ReadOnlyMemory<byte> _piece;
    private ReadOnlyMemory<byte> _content; // of the last step, not given out yet
    private bool _isTaken;
    private bool _isInPart;
    private bool _hasBegun;
    private bool _isOver;
    private bool _isDisposed;

    internal MultipartReader(Request request, byte[] boundary, FormOptions options)
    {
        _request = request;
        _body = request.Body;
        _decoder = new MultipartDecoder(boundary, options.ToLimits());
        _copy = new SpoolCopy(request.Loop, options.Executor);
        Options = options;
    }

    internal FormOptions Options { get; }

    /// <summary>Bytes of the buffers that copy content into files.</summary>
    internal int SpoolBytes => _copy.HeldBytes;

    internal RequestFiles Files => RequestFiles.Of(_request);

    /// <summary>The part of the last step.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public MultipartPart Current => _current ?? throw new InvalidOperationException(
        "There is no part: MoveNextAsync was not called, or has returned false.");

    /// <summary>For <c>await foreach</c>.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public MultipartReader GetAsyncEnumerator()
    {
        if (_hasBegun)
        {
            throw new InvalidOperationException("The parts of a form can be read once.");
        }

        _hasBegun = true;
        return this;
    }

    /// <summary>
    /// Skips the rest of the present part and waits for the next; false after the last, when the
    /// body was read to its end.
    /// </summary>
    /// <exception cref="RequestBodyException">
    /// The form is malformed, or exceeds a limit (400).
    /// </exception>
    public async Coroutine<bool> MoveNextAsync()
    {
        _current = null;
        while (_isInPart)
        {
            await StepAsync();
        }

        if (_isOver || await StepAsync() != MultipartStep.Part)
        {
            _isOver = true;
            return false;
        }

        _current = new MultipartPart(this, _decoder.Part!);
        return true;
    }

    /// <summary>Ends the reading: the rest of the body is skipped. Idempotent.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _isOver = true;
            _isInPart = false;
            _current = null;
            _decoder.Head.Release();
            _copy.End();
            _body.Complete();
        }

        return ValueTask.CompletedTask;
    }

    internal PartHead HeadOf(MultipartPart part)
    {
        ThrowUnlessCurrent(part);
        return _decoder.Head;
    }

    internal Coroutine<SpoolFile> SpoolAsync(MultipartPart part, string directory)
    {
        ThrowUnlessCurrent(part);
        return _copy.RunAsync(part, directory, Files);
    }

    /// <summary>The next chunk of the present part; empty at its end.</summary>
    internal async Coroutine<ReadOnlyMemory<byte>> NextChunkAsync(MultipartPart part)
    {
        ThrowUnlessCurrent(part);
        while (_content.IsEmpty && _isInPart)
        {
            await StepAsync();
        }

        ReadOnlyMemory<byte> chunk = _content;
        _content = default;
        return chunk;
    }

    /// <summary>Whether the rest of the present part is empty; reads nothing away.</summary>
    internal async Coroutine<bool> IsEmptyAsync(MultipartPart part)
    {
        ThrowUnlessCurrent(part);
        while (_content.IsEmpty && _isInPart)
        {
            await StepAsync();
        }

        return _content.IsEmpty;
    }

    // A part, content, or its end; `NeedMore` at the end of the body.
    private async Coroutine<MultipartStep> StepAsync()
    {
        while (true)
        {
            _content = default;
            if (_piece.IsEmpty && !await FillAsync())
            {
                return _decoder.End() ? MultipartStep.NeedMore : throw Fault();
            }

            _ = _request.Context; // what was read is gone when the request has ended
            MultipartStep step = _decoder.Rejection == MultipartRejection.None
                ? _decoder.Read(_piece.Span, out int run, out int used)
                : throw Fault();
            Debug.Assert(used > 0 || !_decoder.Held.IsEmpty, "A step makes progress.");
            if (step is MultipartStep.Content or MultipartStep.PartEnd)
            {
                _content = _decoder.Held.IsEmpty ? _piece[..run] : _decoder.Held;
            }

            _piece = _piece[used..];
            switch (step)
            {
                case MultipartStep.Rejected:
                    throw Fault();
                case MultipartStep.NeedMore:
                    continue;
                default:
                    _isInPart = step != MultipartStep.PartEnd;
                    return step;
            }
        }
    }

    // Gets the next piece; false at the end of the body. All pieces of a read are used before the
    // next, so chunks given out stay valid until then.
    private async Coroutine<bool> FillAsync()
    {
        while (_rest.IsEmpty)
        {
            if (_isTaken)
            {
                _isTaken = false;
                _body.AdvanceTo(_end);
            }

            ReadResult read = await _body.ReadAsync();
            (_rest, _end, _isTaken) = (read.Buffer, read.Buffer.End, true);
            if (read.IsCompleted && _rest.IsEmpty)
            {
                return false;
            }
        }

        _piece = _rest.First;
        _rest = _rest.Slice(_piece.Length);
        return true;
    }

    private RequestBodyException Fault() => FormFault.Of(_decoder.Rejection);

    private void ThrowUnlessCurrent(MultipartPart part)
    {
        if (!ReferenceEquals(part, _current))
        {
            throw new InvalidOperationException(
                "The part is over: it can be read only until the next part is asked for.");
        }
    }
}
