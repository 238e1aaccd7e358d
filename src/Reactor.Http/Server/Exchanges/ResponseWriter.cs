using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Writes responses into the output of one connection, and frames each by a length, chunks, or the
/// end of the connection (RFC 9112 6). Sends nothing.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ResponseWriter(ServerContext server, ChannelLoan loan, BodyInput body)
{
    private static readonly Action<Response> s_refuse = _ => throw new InvalidOperationException(
        "A response cannot begin in OnResponsePrepare, which runs before the head of another.");

    private bool _isHead;
    private bool _isOldClient;

    public ResponseSink Sink { get; } = new(loan, server.Limits);

    /// <summary>True once the head of a response to the present request is written.</summary>
    public bool HasBegun { get; private set; }

    public bool IsOpen => HasBegun && !Sink.HasEnded;

    /// <summary>Bytes written to the connection before the response.</summary>
    public long BeganAt { get; private set; }

    /// <summary>False if the connection must end after the present response.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>True if the head of the request is complete and well-formed.</summary>
    public bool HasHead { get; private set; }

    /// <summary>The status of the present response; 0 before.</summary>
    public int Status { get; private set; }

    /// <summary>What the present request costs, for its head in development; else null.</summary>
    public RequestCost? ShownCost { get; private set; }

    /// <summary>Called with each response before its head is written; null for none.</summary>
    public Action<Response>? OnPrepare { get; set; }

    public void Reset(RequestCost? cost)
    {
        ShownCost = server.Options.DevMode ? cost : null;
        HasBegun = false;
        HasHead = false;
        Status = 0;
        Sink.Reset();
    }

    /// <summary>Begins a request, or the answer to a malformed head, which is null.</summary>
    public void Begin(RequestHead? request, bool keepAlive)
    {
        HasHead = request is not null;
        _isHead = request?.Method == KnownMethod.Head;
        _isOldClient = request?.VersionMinor == 0;
        HasBegun = false;
        KeepsAlive = keepAlive;
    }

    /// <summary>Takes back the begun response; false if some may have been sent.</summary>
    public bool TryTakeBack()
    {
        if (!loan.Channel.Connection.TryTakeBack(BeganAt))
        {
            return false;
        }

        HasBegun = false;
        Status = 0;
        Sink.Reset();
        return true;
    }

    public void EndConnection() => KeepsAlive = false;

    public void Write(Response response)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("A request has one final answer.");
        }

        Prepare(response);
        var head = new ResponseHeadWriter(loan.Channel.Output);
        bool isBodiless = WriteHead(ref head, response, isChunked: false, trailers: null);
        if (isBodiless)
        {
            head.End();
        }
        else
        {
            response.WriteBody(ref head);
        }

        Sink.TakeWhole(response.BodyBytes, isBodiless);
    }

    public void WriteEarlyHints(IReadOnlyList<LinkHint> links)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException(
                "The request was answered already: hints come before the answer.");
        }

        if (_isOldClient || links.Count == 0)
        {
            return; // no interim responses in HTTP/1.0 (RFC 9110 15.2)
        }

        var head = new ResponseHeadWriter(loan.Channel.Output);
        head.StatusLine(103);
        foreach (LinkHint link in links)
        {
            head.Field("Link", link.Value);
        }

        head.End();
        loan.Channel.FlushSoon();
    }

    /// <summary>Writes the head of a response whose body goes to the <see cref="Sink"/>.</summary>
    public void Begin(Response response, ResponseTrailers? trailers)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("The request was answered already.");
        }

        Prepare(response);
        loan.Channel.TryFlush(); // whole responses leave before one that may break

        // Without a length: chunks, and for a client that knows none the end of the connection.
        bool isOpenEnded = response.BodyBytes < 0 && MayHaveBody(response.Status);
        bool isChunked = isOpenEnded && !_isOldClient;
        KeepsAlive &= isChunked || !isOpenEnded;
        trailers = isChunked ? trailers : null;
        var head = new ResponseHeadWriter(loan.Channel.Output);
        bool isBodiless = WriteHead(ref head, response, isChunked, trailers);
        head.End();
        Sink.Begin(response, response.BodyBytes, isBodiless, isChunked, trailers);
    }

    private void Prepare(Response response)
    {
        if (OnPrepare is { } hook)
        {
            OnPrepare = s_refuse;
            try
            {
                hook(response);
            }
            catch
            {
                OnPrepare = null; // the response to this failure does not run the hook again
                throw;
            }

            OnPrepare = hook;
        }

        ResponseRules.Require(response, server.Heads.Defaults);
    }

    private static bool MayHaveBody(int status) => status is not (204 or 205 or 304);

    /// <summary>Writes a head but its empty line; true if no body may follow it.</summary>
    private bool WriteHead(
        ref ResponseHeadWriter head, Response response, bool isChunked, ResponseTrailers? trailers)
    {
        MessageChannel channel = loan.Channel;
        BeganAt = channel.WrittenBytes;
        HasBegun = true;
        Status = response.Status;
        Sink.Reset();
        bool mustEnd = body.EndContinue() || server.IsShuttingDown;
        KeepsAlive &= !mustEnd;
        ResponseHeaders? fields = response.HeadersOrNull;
        server.Heads.Write(ref head, Status, response.ContentType, fields, channel.Loop);
        if (isChunked)
        {
            head.Chunked();
            if (trailers is not null)
            {
                head.Field("Trailer", trailers.Names);
            }
        }
        else
        {
            WriteLength(ref head, response.Status, response.BodyBytes);
        }

        WriteConnection(ref head, offersUpgrade: fields?.Contains("Upgrade") == true);
        for (int i = 0; i < fields?.Count; i++)
        {
            (string name, string value) = fields[i];
            head.Field(name, value);
        }

        if (ShownCost is { } cost)
        {
            head.Field(ServerTiming.Name, ServerTiming.Format(cost.TimesNow()));
        }

        return _isHead || !MayHaveBody(response.Status);
    }

    private static void WriteLength(ref ResponseHeadWriter head, int status, long bodyBytes)
    {
        if (status == 205)
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
            // RFC 9110 7.8: a sender of Upgrade says in Connection that it is for this hop.
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
}
