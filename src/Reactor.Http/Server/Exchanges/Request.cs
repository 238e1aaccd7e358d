using System.IO.Pipelines;
using System.Net;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A request, as a handler gets it (aiohttp: <c>web.Request</c>). Valid until its response is sent;
/// later use throws <see cref="InvalidOperationException"/>.
/// </summary>
/// <remarks>Loop thread only; debug mode checks it. Strings are made on demand.</remarks>
public sealed class Request
{
    private readonly ServerChannel _channel;
    private RequestContext? _context;
    private DecodedParts? _decoded;

    internal Request(RequestContext context, MatchInfo match)
    {
        _context = context;
        _channel = context.Channel;
        MatchInfo = match;
    }

    /// <summary>
    /// The values that the route captured: <c>request.MatchInfo["name"]</c>. They are decoded and
    /// safe in a path, unless the pattern says <c>:raw</c>.
    /// </summary>
    public MatchInfo MatchInfo { get; }

    /// <summary>The parsed head, as bytes.</summary>
    public RequestHead Head => Context.Head;

    /// <summary>The method, such as <c>GET</c>.</summary>
    public string Method => Head.Method == KnownMethod.Other
        ? Encoding.Latin1.GetString(Head.MethodBytes)
        : KnownMethods.Name(Head.Method);

    /// <summary>The path as sent, not decoded, without the query.</summary>
    public string Path => Encoding.Latin1.GetString(Head.Path);

    /// <summary>The query as sent, without the question mark; may be empty.</summary>
    public string QueryString => Encoding.Latin1.GetString(Head.Query);

    /// <summary>The decoded query; parsed on first use.</summary>
    /// <exception cref="RequestQueryException">
    /// It has more keys than <see cref="ParserLimits.QueryKeysMax"/>, or an invalid escape. If
    /// unhandled, the response is 400.
    /// </exception>
    public QueryValues Query => Decoded.Query ??=
        QueryValues.Parse(Head.Query, _channel.Server.Options.Parser.QueryKeysMax);

    /// <summary>
    /// The cookies by name, as octets in Latin-1 and without quotes; the first of equal names wins.
    /// Malformed pairs and those beyond <see cref="ParserLimits.CookiesMax"/> are ignored.
    /// </summary>
    public CookieValues Cookies => Decoded.Cookies ??= ReadCookies();

    /// <summary>The header fields; <see cref="GetHeader"/> is cheaper for one value.</summary>
    public RequestHeaders Headers => Decoded.Headers ??= new RequestHeaders(this);

    /// <summary>The value of Content-Type, or null.</summary>
    public string? ContentType => Head.GetHeader("Content-Type");

    /// <summary>
    /// The body as a stream, read on demand, so that TCP holds a fast client back. After the
    /// response the rest is discarded, or the connection closes.
    /// </summary>
    /// <remarks>
    /// Throws <see cref="RequestBodyException"/> if the body is too large, malformed, late, or cut
    /// off. A body is read either here or by <see cref="ReadAsync"/>, <see cref="TextAsync"/> or
    /// <c>JsonAsync</c>; the other way throws <see cref="InvalidOperationException"/>.
    /// </remarks>
    public PipeReader Body => Context.Body.Reader;

    /// <summary>
    /// The trailer fields of a chunked body, without those that frame, route, authenticate or
    /// describe the content (RFC 9110 6.5.1).
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The body was not read to its end.
    /// </exception>
    public TrailerSection Trailers
    {
        get
        {
            MessageBody body = Context.Body;
            return body.IsDone ? body.Trailers : throw new InvalidOperationException(
                "The trailers come after the body: read it to its end first.");
        }
    }

    /// <summary>The address of the client.</summary>
    public EndPoint? RemoteEndPoint => _channel.Connection.RemoteEndPoint;

    /// <summary>The loop that serves this request.</summary>
    public EventLoop Loop => _channel.Loop;

    /// <summary>
    /// Cancelled when the client disconnects: either side has reset the connection. The first use
    /// starts the watch. The end of the client's stream counts only with
    /// <see cref="HttpServerOptions.HalfCloseIsDisconnect"/>. Callbacks run on the loop thread, and
    /// not after the response.
    /// </summary>
    public CancellationToken Aborted
    {
        get
        {
            _ = Head;
            return _channel.Aborted;
        }
    }

    /// <summary>
    /// The values of this request, by typed key: what a middleware hands to its handlers.
    /// </summary>
    public RequestState State => Decoded.State ??= new RequestState();

    /// <summary>The key of the id, which access records show.</summary>
    internal static RequestKey<string> IdKey { get; } = new("request id");

    /// <summary>The id that a guard gave the request, or null. Also after its end.</summary>
    internal string? Id =>
        StateIfAny is { } state && state.TryGet(IdKey, out string? id) ? id : null;

    /// <summary>The values, if any were asked for. Also after the end.</summary>
    internal RequestState? StateIfAny => _decoded?.State;

    internal Endpoint Endpoint => Context.Endpoint!;

    internal RequestContext Context
    {
        get
        {
            ThrowIfForeignThread();
            return _context ?? throw new InvalidOperationException(
                "The request has ended: its response was sent.");
        }
    }

    private DecodedParts Decoded
    {
        get
        {
            ThrowIfForeignThread();
            return _decoded ??= new DecodedParts();
        }
    }

    /// <summary>
    /// Adds a hook that runs before the head of the response to this request is written, also of
    /// one that streams, or that the server makes of an exception: the way in which a middleware
    /// adds fields. Hooks run in the reverse order of adding, before those of
    /// <c>Application.OnResponsePrepare</c>, with the same rules.
    /// </summary>
    /// <param name="hook">
    /// The hook. A delegate that is made once, and not for each request, costs no memory.
    /// </param>
    /// <exception cref="InvalidOperationException">The head was written.</exception>
    public void OnResponsePrepare(Action<Request?, Response> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        RequestContext context = Context;
        if (context.Writer.HasBegun)
        {
            throw new InvalidOperationException(
                "The head of the response was written: add the hook before.");
        }

        context.AddHook(hook);
    }

    /// <summary>The first value of a field, or null; names are case-insensitive.</summary>
    public string? GetHeader(string name) => Head.GetHeader(name);

    /// <summary>Reads the whole body; later calls return the same.</summary>
    /// <exception cref="InvalidOperationException">
    /// The body is read through <see cref="Body"/>.
    /// </exception>
    /// <exception cref="RequestBodyException">
    /// It is too large, malformed, late, or incomplete.
    /// </exception>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAsync() => await Context.Body.ReadAllAsync();

    /// <summary>
    /// Reads the whole body as text in the charset of Content-Type, by default UTF-8, without a
    /// byte order mark; malformed sequences become U+FFFD. Known are UTF-8, UTF-16, UTF-32,
    /// US-ASCII, ISO-8859-1 and registered providers.
    /// </summary>
    /// <exception cref="RequestBodyException">
    /// As <see cref="ReadAsync"/>, or the charset is unknown (415 if unhandled).
    /// </exception>
    public async Coroutine<string> TextAsync()
    {
        Encoding encoding = RequestText.EncodingOf(Head);
        return RequestText.Decode((await ReadAsync()).Span, encoding);
    }

    /// <summary>
    /// Sends a 103 response at once (RFC 8297), which names resources that the client will need;
    /// repeatable. Does nothing for HTTP/1.0.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The response has begun.
    /// </exception>
    public void SendEarlyHints(params IReadOnlyList<LinkHint> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        Context.Writer.WriteEarlyHints(links);
    }

    private CookieValues ReadCookies()
    {
        int most = _channel.Server.Options.Parser.CookiesMax;
        var cookies = CookieReader.Read(Head, most, out bool isCut);
        if (isCut)
        {
            _channel.Server.Lines.CookiesIgnored(_channel.Connection, most);
        }

        return new CookieValues(cookies);
    }

    /// <summary>
    /// Has something run when the request ends, whatever ends it; it must not throw.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request has ended.</exception>
    internal void AtEnd(Action action)
    {
        _ = Context;
        Decoded.Ended += action;
    }

    internal void End()
    {
        _context?.Body.End();
        _context = null;
        if (_decoded?.Ended is { } ended)
        {
            _decoded.Ended = null;
            ended();
        }
    }

    private void ThrowIfForeignThread()
    {
        EventLoop loop = _channel.Loop;
        if (loop.Debug && !ReferenceEquals(EventLoop.TryGetCurrent(), loop))
        {
            throw new InvalidOperationException(
                "A request is for the thread of its loop alone: read what another thread needs "
                + "before, or use loop.CallSoonThreadSafe or loop.Submit there.");
        }
    }

    private sealed class DecodedParts
    {
        public RequestHeaders? Headers;

        public RequestState? State;

        public QueryValues? Query;

        public CookieValues? Cookies;

        public Action? Ended;
    }
}
