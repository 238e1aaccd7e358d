using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Writes the answers of one connection into its output and decides how each is framed: a length,
/// or chunks, or the end of the connection (RFC 9112 6). Nothing is sent before somebody flushes.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ResponseWriter(HttpServer server, Exchange exchange)
{
    /// <summary>A body that is written with its head, in one span of the output.</summary>
    private const int CommonBytesMax = 4096;

    /// <summary>The digits of a length, and the two line ends that end a head.</summary>
    private const int LengthBytesMax = 24;

    private bool _isHead;
    private bool _isBodiless;
    private bool _isOldClient;
    private bool _isChunked;
    private ResponseTrailers? _trailers;

    /// <summary>True once the head of an answer was written for the present request.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>True while an answer is begun and not written whole.</summary>
    public bool IsOpen => HasBegun && !HasEnded;

    /// <summary>Bytes that had been written to the connection when the response began.</summary>
    public long BeganAt { get; private set; }

    /// <summary>False if the connection must end after the present answer.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>True if the present answer may not have a body, whatever is written.</summary>
    public bool IsBodiless => _isBodiless;

    /// <summary>
    /// True once the present answer was written whole; with the next three only of use to a record.
    /// </summary>
    public bool HasEnded { get; private set; }

    /// <summary>True if the head of the present request is there and well-formed.</summary>
    public bool HasHead { get; private set; }

    /// <summary>The status of the present answer; 0 before there is one.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes of content in the present answer.</summary>
    public long BodyBytes { get; private set; }

    private Connection Connection => exchange.Connection;

    /// <summary>The next request begins: nothing is known of it or its answer.</summary>
    public void Forget()
    {
        HasBegun = false;
        HasHead = false;
        HasEnded = false;
        Status = 0;
        BodyBytes = 0;
    }

    /// <summary>A request is about to be answered.</summary>
    public void Begin(RequestHead request, bool keepAlive)
    {
        HasHead = true;
        _isHead = request.Method == KnownMethod.Head;
        _isOldClient = request.VersionMinor == 0;
        _isChunked = false;
        _trailers = null;
        HasBegun = false;
        KeepsAlive = keepAlive;
    }

    /// <summary>
    /// What cannot be parsed is about to be answered: nothing is known of the client.
    /// </summary>
    public void BeginRefusal()
    {
        _isHead = false;
        _isOldClient = false;
        _isChunked = false;
        HasBegun = false;
        KeepsAlive = false;
    }

    /// <summary>
    /// Takes the response back that has begun; false if some of it may have been sent.
    /// </summary>
    public bool TryTakeBack()
    {
        if (!Connection.TryTakeBack(BeganAt))
        {
            return false;
        }

        (HasBegun, HasEnded, _isChunked, _trailers) = (false, false, false, null);
        (Status, BodyBytes) = (0, 0);
        return true;
    }

    /// <summary>The connection ends after the present answer.</summary>
    public void GiveUp() => KeepsAlive = false;

    /// <summary>Writes a whole answer.</summary>
    public void Write(Response response)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("A request has one final answer.");
        }

        if (TryWriteCommon(response))
        {
            return;
        }

        WriteHead(response, response.BodyBytes);
        if (!_isBodiless && response.BodyBytes > 0)
        {
            response.WriteBody(Connection.Output);
            BodyBytes = response.BodyBytes;
        }

        HasEnded = true;
    }

    /// <summary>Writes an interim answer and sends it.</summary>
    public void WriteEarlyHints(IReadOnlyList<LinkHint> links)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException(
                "The request was answered already: hints come before the answer.");
        }

        if (_isOldClient || links.Count == 0)
        {
            return; // RFC 9110 15.2: 1.0 knows no interim responses
        }

        var head = new ResponseHeadWriter(Connection.Output);
        head.StatusLine(103);
        foreach (LinkHint link in links)
        {
            head.Field("Link", link.Value);
        }

        head.End();
        FlushSoon();
    }

    /// <summary>Writes the head of an answer that is sent in pieces.</summary>
    public void BeginStream(StreamResponse response)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("The request was answered already.");
        }

        ResponseRules.Require(response);

        // Without a length: chunks, and for a client that knows none the end of the Connection.
        _isChunked = response.BodyBytes < 0 && !_isOldClient && MayHaveBody(response.Status);
        if (response.BodyBytes < 0 && _isOldClient && MayHaveBody(response.Status))
        {
            KeepsAlive = false;
        }

        _trailers = _isChunked && response.SendsTrailers ? response.Trailers : null;
        WriteHead(response, response.BodyBytes);
    }

    /// <summary>Bytes that were written and that the kernel did not take yet.</summary>
    public long UnsentBytes => Connection.Output.UnflushedBytes;

    /// <summary>Waits until no more than so many bytes are unsent, or the client is gone.</summary>
    public Coroutine FlushTo(int unsentBytesMax) => Connection.Flush(unsentBytesMax);

    /// <summary>Writes a piece of a streamed body, which must not be empty.</summary>
    public void WriteStreamPiece(ReadOnlySpan<byte> data)
    {
        if (_isBodiless)
        {
            return; // counted by the response, not sent (RFC 9110 9.3.2, RFC 9112 6.3)
        }

        BodyBytes += data.Length;
        if (!_isChunked)
        {
            Connection.Output.Write(data);
            return;
        }

        Span<byte> line = stackalloc byte[ChunkFraming.LineBytesMax];
        Connection.Output.Write(line[..ChunkFraming.WriteLine(data.Length, line)]);
        Connection.Output.Write(data);
        Connection.Output.Write(ChunkFraming.DataEnd);
    }

    /// <summary>Ends a streamed body.</summary>
    public void EndStream()
    {
        HasEnded = true;
        if (!_isChunked || _isBodiless)
        {
            return;
        }

        if (_trailers is null)
        {
            Connection.Output.Write(ChunkFraming.LastChunk);
            return;
        }

        Connection.Output.Write(ChunkFraming.LastChunk[..^2]); // its trailer section is empty
        var section = new ResponseHeadWriter(Connection.Output);
        _trailers.Write(ref section);
    }

    /// <inheritdoc cref="HttpConnection.FlushSoon"/>
    public void FlushSoon() => exchange.Owner.FlushSoon();

    private static bool MayHaveBody(int status) => status is not (204 or 205 or 304);

    /// <summary>
    /// Writes the answer that nearly every request gets in one go: a small body, no fields of its
    /// own, and a connection that is kept.
    /// </summary>
    private bool TryWriteCommon(Response response)
    {
        int bodyBytes = (int)Math.Min(response.BodyBytes, int.MaxValue);
        if (response is not { Status: 200, HeadersOrNull: null }
            || bodyBytes is < 0 or > CommonBytesMax
            || _isOldClient)
        {
            return false;
        }

        Forgo();
        if (!KeepsAlive)
        {
            return false;
        }

        ReadOnlySpan<byte> beginning = server.Heads.Get(
            200, response.ContentType, Connection.Loop);
        PipeWriter output = Connection.Output;
        Span<byte> span = output.GetSpan(beginning.Length + LengthBytesMax + bodyBytes);
        beginning.CopyTo(span);
        int used = beginning.Length;
        Utf8Formatter.TryFormat(bodyBytes, span[used..], out int digits);
        used += digits;
        "\r\n\r\n"u8.CopyTo(span[used..]);
        used += 4;
        _isBodiless = _isHead;
        if (!_isHead)
        {
            response.CopyBody(span[used..]);
            used += bodyBytes;
        }

        output.Advance(used);
        HasBegun = true;
        HasEnded = true;
        Status = 200;
        BodyBytes = _isHead ? 0 : bodyBytes;
        return true;
    }

    private void WriteHead(Response response, long bodyBytes)
    {
        ResponseRules.Require(response);
        BeganAt = Connection.SentBytes + Connection.Output.UnflushedBytes;
        HasBegun = true;
        HasEnded = false;
        Status = response.Status;
        BodyBytes = 0;
        Forgo();
        _isBodiless = _isHead || !MayHaveBody(response.Status);
        var head = new ResponseHeadWriter(Connection.Output);
        ResponseHeaders? fields = response.HeadersOrNull;
        if (response.Reason is { } reason)
        {
            head.StatusLine(response.Status, reason);
        }
        else
        {
            head.StatusLine(response.Status);
        }

        if (server.ServerName is { } serverName && fields?.Contains("Server") != true)
        {
            head.Field(KnownHeader.Server, serverName);
        }

        head.Date(server.Date.Now(Connection.Loop));
        if (response.ContentType is { } contentType)
        {
            head.Field("Content-Type", contentType);
        }

        WriteFraming(ref head, response.Status, bodyBytes);
        WriteConnection(ref head, offersUpgrade: fields?.Contains("Upgrade") == true);
        WriteFields(ref head, fields);
        head.End();
    }

    /// <summary>No 100 follows; and whether another request may follow is settled.</summary>
    private void Forgo()
    {
        if (exchange.Body.Forgo() || server.IsShuttingDown)
        {
            KeepsAlive = false;
        }
    }

    private void WriteFraming(ref ResponseHeadWriter head, int status, long bodyBytes)
    {
        if (_isChunked)
        {
            head.Chunked();
            if (_trailers is not null)
            {
                head.Field("Trailer", _trailers.Names);
            }
        }
        else if (status == 205)
        {
            head.ContentLength(0); // or the client would wait for one (RFC 9110 15.3.6)
        }
        else if (status is not (204 or 304) && bodyBytes >= 0)
        {
            head.ContentLength(bodyBytes);
        }
    }

    private void WriteConnection(ref ResponseHeadWriter head, bool offersUpgrade)
    {
        if (offersUpgrade)
        {
            // RFC 9110 7.8: whoever sends Upgrade says in Connection that it is for this hop.
            head.Field(KnownHeader.Connection, KeepsAlive ? "upgrade"u8 : "upgrade, close"u8);
        }
        else if (!KeepsAlive)
        {
            head.ConnectionClose();
        }
        else if (_isOldClient)
        {
            head.ConnectionKeepAlive();
        }
    }

    private static void WriteFields(ref ResponseHeadWriter head, ResponseHeaders? fields)
    {
        for (int i = 0; i < (fields?.Count ?? 0); i++)
        {
            (string name, string value) = fields![i];
            head.Field(name, value);
        }
    }
}
