using System.Buffers;
using System.Diagnostics;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Writes the answers of one connection into its output and decides how each is framed: a length,
/// or chunks, or the end of the connection (RFC 9112 6). Nothing is sent before somebody flushes.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ResponseWriter(HttpServer server, Connection connection, RequestBody body)
{
    private readonly byte[]? _serverName = server.Options.ServerName is { } name
        ? Encoding.ASCII.GetBytes(name)
        : null;

    private bool _isHead;
    private bool _isBodiless;
    private bool _isOldClient;
    private bool _isChunked;
    private LoopTask? _rest;

    /// <summary>True once the head of an answer was written for the present request.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>False if the connection must end after the present answer.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>True if the present answer may not have a body, whatever is written.</summary>
    public bool IsBodiless => _isBodiless;

    /// <summary>A request is about to be answered.</summary>
    public void Begin(RequestHead request, bool keepAlive)
    {
        _isHead = request.Method == KnownMethod.Head;
        _isOldClient = request.VersionMinor == 0;
        _isChunked = false;
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

    /// <summary>The connection ends after the present answer.</summary>
    public void GiveUp() => KeepsAlive = false;

    /// <summary>Writes a whole answer.</summary>
    public void Write(Response response)
    {
        Debug.Assert(!HasBegun, "a request has one final answer");
        WriteHead(response, response.BodyBytes);
        if (!_isBodiless && response.BodyBytes > 0)
        {
            response.WriteBody(connection.Output);
        }
    }

    /// <summary>Writes the head of an answer that is sent in pieces.</summary>
    public void BeginStream(StreamResponse response)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("The request was answered already.");
        }

        // Without a length: chunks, and for a client that knows none the end of the connection.
        _isChunked = response.BodyBytes < 0 && !_isOldClient && MayHaveBody(response.Status);
        if (response.BodyBytes < 0 && _isOldClient)
        {
            KeepsAlive = false;
        }

        WriteHead(response, response.BodyBytes);
    }

    /// <summary>Writes a piece of a streamed body; how much of the data it took.</summary>
    public int WriteStreamPiece(ReadOnlySpan<byte> data)
    {
        int length = Math.Min(data.Length, BlockPool.BlockBytes - 64);
        if (_isBodiless)
        {
            return length; // counted, not sent (RFC 9110 9.3.2, RFC 9112 6.3)
        }

        if (!_isChunked)
        {
            connection.Output.Write(data[..length]);
            return length;
        }

        Span<byte> line = stackalloc byte[ChunkFraming.LineBytesMax];
        connection.Output.Write(line[..ChunkFraming.WriteLine(length, line)]);
        connection.Output.Write(data[..length]);
        connection.Output.Write(ChunkFraming.DataEnd);
        return length;
    }

    /// <summary>Ends a streamed body.</summary>
    public void EndStream()
    {
        if (_isChunked && !_isBodiless)
        {
            connection.Output.Write(ChunkFraming.LastChunk);
        }
    }

    /// <summary>
    /// Hands the kernel what it takes; a task in the background sends the rest, if there is one.
    /// </summary>
    public void FlushSoon()
    {
        if (!connection.TryFlush() && _rest is not { IsDone: false })
        {
            _rest = connection.Loop.CreateTask(connection.Flush(), "send");
        }
    }

    private static bool MayHaveBody(int status) => status is not (204 or 205 or 304);

    private void WriteHead(Response response, long bodyBytes)
    {
        HasBegun = true;
        if (body.Forgo() || server.IsShuttingDown)
        {
            KeepsAlive = false;
        }

        _isBodiless = _isHead || !MayHaveBody(response.Status);
        var head = new ResponseHeadWriter(connection.Output);
        head.StatusLine(response.Status);
        if (_serverName is not null)
        {
            head.Field(KnownHeader.Server, _serverName);
        }

        head.Date(server.Date.Now(connection.Loop));
        if (response.ContentType is { } contentType)
        {
            head.Field("Content-Type", contentType);
        }

        if (_isChunked)
        {
            head.Chunked();
        }
        else if (response.Status == 205)
        {
            head.ContentLength(0); // or the client would wait for one (RFC 9110 15.3.6)
        }
        else if (response.Status is not (204 or 304) && bodyBytes >= 0)
        {
            head.ContentLength(bodyBytes);
        }

        if (!KeepsAlive)
        {
            head.ConnectionClose();
        }
        else if (_isOldClient)
        {
            head.ConnectionKeepAlive();
        }

        WriteFields(ref head, response.HeadersOrNull);
        head.End();
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
