using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A request, as a handler gets it (aiohttp: <c>web.Request</c>). It lives until its response is
/// sent; after that its head belongs to the next request, and asking throws.
/// </summary>
/// <remarks>
/// Loop thread only; debug mode checks it. Strings are made when they are asked for.
/// </remarks>
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
    /// The values that the route captured: <c>request.MatchInfo["name"]</c>. Decoded, and safe to
    /// append to the path of a folder, unless the pattern says <c>:raw</c>.
    /// </summary>
    public MatchInfo MatchInfo { get; }

    /// <summary>The parsed head, as bytes.</summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public RequestHead Head => Context.Head;

    /// <summary>The method, such as <c>GET</c>.</summary>
    public string Method => Head.Method == KnownMethod.Other
        ? Encoding.Latin1.GetString(Head.MethodBytes)
        : KnownMethods.Name(Head.Method);

    /// <summary>
    /// The raw path: as it was sent, escapes, dot segments and all, without the query.
    /// </summary>
    public string Path => Encoding.Latin1.GetString(Head.Path);

    /// <summary>
    /// The query as it was sent, without its question mark; empty if there is none.
    /// </summary>
    public string QueryString => Encoding.Latin1.GetString(Head.Query);

    /// <summary>The query, decoded; read when it is first asked for.</summary>
    /// <exception cref="RequestQueryException">
    /// It has more keys than <see cref="ParserLimits.QueryKeysMax"/>, or an escape that is no text;
    /// unhandled, the answer is 400.
    /// </exception>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public QueryValues Query => Decoded.Query ??=
        QueryValues.Parse(Head.Query, _channel.Server.Options.Limits.QueryKeysMax);

    /// <summary>
    /// The cookies that the client sent, by name, as octets in Latin-1 and without quotes; of a
    /// name that is there twice the first. Pairs beyond <see cref="ParserLimits.CookiesMax"/> and
    /// malformed ones are left out. Read when it is first asked for.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public IReadOnlyDictionary<string, string> Cookies => Decoded.Cookies ??= ReadCookies();

    /// <summary>
    /// The header fields: all of them, by name, and all values of a name. Made when it is first
    /// asked for; <see cref="GetHeader"/> does for one value.
    /// </summary>
    public RequestHeaders Headers => Decoded.Headers ??= new RequestHeaders(this);

    /// <summary>The value of Content-Type, or null.</summary>
    public string? ContentType => Head.GetHeader("Content-Type");

    /// <summary>
    /// The body as a stream of its content, read from the connection when somebody reads here, so
    /// that a client which is faster than the handler is held back. It ends with the response; what
    /// was not read by then is dropped, or the connection closes.
    /// </summary>
    /// <remarks>
    /// Reading fails with <see cref="RequestBodyException"/> where the body is too large,
    /// malformed, late, or cut off. Whoever reads here cannot call <see cref="ReadAsync"/> and its
    /// kin, nor the other way round: <see cref="InvalidOperationException"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public PipeReader Body
    {
        get
        {
            return Context.Body.Reader;
        }
    }

    /// <summary>
    /// The trailer fields of a chunked body: parsed by the rules of header fields, kept apart from
    /// them for good, and without those that frame, route, authenticate or describe the content
    /// (RFC 9110 6.5.1), which are only counted.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The body was not read to its end yet, or the response was sent.
    /// </exception>
    public TrailerSection Trailers
    {
        get
        {
            RequestBody body = Context.Body;
            return body.IsDone ? body.Trailers : throw new InvalidOperationException(
                "The trailers come after the body: read it to its end first.");
        }
    }

    /// <summary>The address of the client.</summary>
    public EndPoint? RemoteEndPoint => _channel.Connection.RemoteEndPoint;

    /// <summary>The loop that serves this request.</summary>
    public EventLoop Loop => _channel.Loop;

    /// <summary>
    /// Cancelled once the client has gone: it reset the connection, or this server did, as for a
    /// client that takes nothing. From the first use on the connection is watched. One that has
    /// ended its stream may still listen:
    /// <see cref="HttpServerOptions.HalfCloseIsDisconnect"/>. The token never speaks after the
    /// response; its callbacks run on the loop thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public CancellationToken Aborted
    {
        get
        {
            _ = Head;
            return _channel.Aborted;
        }
    }

    /// <summary>What serves it; another request's once it has ended.</summary>
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

    /// <summary>The first value of a field, or null; the name's case does not matter.</summary>
    public string? GetHeader(string name) => Head.GetHeader(name);

    /// <summary>The whole body; the same each time.</summary>
    /// <exception cref="InvalidOperationException">
    /// The response was sent, or the body is read through <see cref="Body"/>.
    /// </exception>
    /// <exception cref="RequestBodyException">
    /// It is too large, malformed, late, or did not arrive whole.
    /// </exception>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAsync()
    {
        return await Context.Body.ReadAll();
    }

    /// <summary>
    /// The whole body as text, in the charset that Content-Type names and else in UTF-8, without a
    /// byte order mark; malformed sequences become U+FFFD. The charsets are those of the runtime
    /// (UTF-8, UTF-16, UTF-32, US-ASCII, ISO-8859-1) and of registered providers.
    /// </summary>
    /// <exception cref="RequestBodyException">
    /// It is too large, malformed, late, or did not arrive whole; or the charset is another, which
    /// is seen before the body is read: unhandled, the answer is 415.
    /// </exception>
    public async Coroutine<string> TextAsync()
    {
        Encoding encoding = RequestText.EncodingOf(Head);
        return RequestText.Decode((await ReadAsync()).Span, encoding);
    }

    /// <summary>
    /// The whole body as a value from JSON, by metadata of the source generator. Content-Type must
    /// be <c>application/json</c> or end in <c>+json</c> (RFC 6839), in UTF-8 (RFC 8259).
    /// </summary>
    /// <remarks>
    /// A web page of another site can make a browser send a form or text, with the user's cookies
    /// and without asking this server first, but no JSON that is named so. So the type counts, and
    /// content without a type is not read either; <see cref="ReadAsync"/> reads any.
    /// </remarks>
    /// <exception cref="RequestBodyException">
    /// Content-Type is another or missing, which is seen before the body is read: unhandled, the
    /// answer is 415. Or it is not such JSON, too large, malformed, late, or did not arrive whole.
    /// </exception>
    public async Coroutine<T?> JsonAsync<T>(JsonTypeInfo<T> metadata)
    {
        RequestText.ThrowIfNotJson(Head);
        ReadOnlyMemory<byte> content = await ReadAsync();
        try
        {
            return JsonSerializer.Deserialize(content.Span, metadata);
        }
        catch (JsonException error)
        {
            throw new RequestBodyException(
                "The content is not the JSON that was asked for.", error);
        }
    }

    /// <summary>
    /// Tells the client, before the answer is known, what it will need: a 103 response (RFC 8297),
    /// sent at once. A client of HTTP/1.0, which knows no such response, is told nothing. May be
    /// called again with further links.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The answer was begun: nothing may come before it any more.
    /// </exception>
    public void SendEarlyHints(params IReadOnlyList<LinkHint> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        Context.Writer.WriteEarlyHints(links);
    }

    private Dictionary<string, string> ReadCookies()
    {
        int most = _channel.Server.Options.Limits.CookiesMax;
        var cookies = CookieReader.Read(Head, most, out bool isCut);
        if (isCut)
        {
            _channel.Server.Lines.CookiesIgnored(_channel.Connection, most);
        }

        return cookies;
    }

    internal void End()
    {
        _context?.Body.End();
        _context = null;
    }

    /// <summary>Debug mode's check of what is for the loop's thread alone.</summary>
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

    /// <summary>What is decoded when somebody asks; most requests never have it.</summary>
    private sealed class DecodedParts
    {
        public RequestHeaders? Headers;

        public QueryValues? Query;

        public Dictionary<string, string>? Cookies;
    }
}
