using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Sends requests over kept connections (aiohttp: <c>ClientSession</c>). One for a whole program is
/// usual: its pool is what makes requests cheap.
/// </summary>
/// <remarks>
/// Loop thread only, except the disposals; belongs to the loop that sends its first request.
/// </remarks>
public class ClientSession : IDisposable, IAsyncDisposable
{
    private ClientContext? _context;
    private volatile bool _isClosed;

    /// <summary>Creates a session.</summary>
    /// <param name="options">Null for the defaults.</param>
    public ClientSession(ClientOptions? options = null)
    {
        Options = options ?? new ClientOptions();
        Cookies = Options.UsesCookies ? new CookieJar() : null;
    }

    /// <summary>The options.</summary>
    public ClientOptions Options { get; }

    /// <summary>The cookies; null if <see cref="ClientOptions.UsesCookies"/> is false.</summary>
    public CookieJar? Cookies { get; }

    /// <summary>Connections that are open, idle ones included.</summary>
    public int OpenConnections => _context?.Pool.OpenConnections ?? 0;

    /// <summary>Open connections that no request uses.</summary>
    public int IdleConnections => _context?.Pool.IdleConnections ?? 0;

    /// <summary>Requests that wait for a connection.</summary>
    public int WaitingRequests => _context?.Pool.WaitingRequests ?? 0;

    /// <summary>
    /// Sends a request; follows redirects, and returns when the head of the response is there.
    /// Dispose of the response, or read its body to the end. A cancelled call closes its
    /// connection.
    /// </summary>
    /// <exception cref="ClientException">It failed; the type says how.</exception>
    /// <exception cref="ArgumentException">
    /// The method is no token, or CONNECT, which needs a tunnel.
    /// </exception>
    public virtual async Coroutine<ClientResponse> SendAsync(ClientRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!FieldRules.IsName(request.Method) || request.Method == "CONNECT")
        {
            throw new ArgumentException(
                "The method must be a token, and not CONNECT.", nameof(request));
        }

        if (_isClosed)
        {
            throw new ClientPoolException(
                "The session is closed: send requests before that, or make another session.");
        }

        return await new ClientSending(Context(), request).RunAsync();
    }

    /// <summary>Sends a GET request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> GetAsync(string url) => SendAsync(new("GET", url));

    /// <summary>Sends a HEAD request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> HeadAsync(string url) => SendAsync(new("HEAD", url));

    /// <summary>Sends a DELETE request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> DeleteAsync(string url) => SendAsync(new("DELETE", url));

    /// <summary>Sends an OPTIONS request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> OptionsAsync(string url) => SendAsync(new("OPTIONS", url));

    /// <summary>Sends a POST request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> PostAsync(string url, ClientContent content) =>
        SendAsync(new("POST", url) { Content = content });

    /// <summary>Sends a PUT request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> PutAsync(string url, ClientContent content) =>
        SendAsync(new("PUT", url) { Content = content });

    /// <summary>Sends a PATCH request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> PatchAsync(string url, ClientContent content) =>
        SendAsync(new("PATCH", url) { Content = content });

    /// <summary>
    /// Closes idle connections now, and the others when their responses end. Later requests throw.
    /// Idempotent.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The session belongs to another loop.
    /// </exception>
    public async Coroutine CloseAsync()
    {
        if (_context is not null)
        {
            Context().Close();
        }

        _isClosed = true;
        await EventLoop.Yield(); // what has just ended leaves the loop
    }

    /// <summary>
    /// Closes as <see cref="CloseAsync"/> does. Any thread: on another than the loop's, as that of
    /// a container, it asks the loop and does not wait. A closed loop has ended its connections.
    /// </summary>
    public void Dispose()
    {
        _isClosed = true;
        if (IsOnLoop)
        {
            _context!.Close();
        }
        else if (_context is { } context)
        {
            // CallSoonThreadSafe would throw if the loop has closed.
            context.Loop.PostMessage(new StateHandle<ClientContext>(
                context.Loop, static one => one.Close(), context, null, null, 0));
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    /// <remarks>On the loop it waits a turn: what has just ended leaves the loop in it.</remarks>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (IsOnLoop)
        {
            await EventLoop.Current.CreateTask(CloseAsync());
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes of bodies in memory.</summary>
    internal long HeldBodyBytes => _context?.Budget.UsedBytes ?? 0;

    /// <summary>Blocks of bodies that are rented.</summary>
    internal int RentedBodyBlocks => _context?.Budget.Blocks.RentedBlocks ?? 0;

    private bool IsOnLoop =>
        _context is { } context && ReferenceEquals(context.Loop, EventLoop.TryGetCurrent());

    private ClientContext Context()
    {
        EventLoop loop = EventLoop.Current;
        _context ??= new ClientContext(loop, Options, Cookies);
        return ReferenceEquals(_context.Loop, loop)
            ? _context
            : throw new InvalidOperationException(
                "The session belongs to the loop of its first request: make one for each loop.");
    }
}
