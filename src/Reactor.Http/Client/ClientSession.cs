namespace Reactor.Http;

/// <summary>
/// Sends requests over kept connections (aiohttp: <c>ClientSession</c>). One for a whole program is
/// usual: its pool is what makes requests cheap.
/// </summary>
/// <remarks>Loop thread only; belongs to the loop that sends its first request.</remarks>
public class ClientSession : IAsyncDisposable
{
    /// <summary>Creates a session.</summary>
    /// <param name="options">Null for the defaults.</param>
    public ClientSession(ClientOptions? options = null) => Options = options ?? new ClientOptions();

    /// <summary>The options.</summary>
    public ClientOptions Options { get; }

    /// <summary>The cookies; null if <see cref="ClientOptions.UsesCookies"/> is false.</summary>
    public CookieJar? Cookies => throw new NotImplementedException();

    /// <summary>Connections that are open, idle ones included.</summary>
    public int OpenConnections => throw new NotImplementedException();

    /// <summary>Open connections that no request uses.</summary>
    public int IdleConnections => throw new NotImplementedException();

    /// <summary>Requests that wait for a connection.</summary>
    public int WaitingRequests => throw new NotImplementedException();

    /// <summary>Sends a request and returns when the head of its response is there.</summary>
    /// <exception cref="ClientException">It failed; the type says how.</exception>
    public Coroutine<ClientResponse> SendAsync(ClientRequest request) =>
        throw new NotImplementedException();

    /// <summary>Sends a GET request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> GetAsync(string url) => SendAsync(new("GET", url));

    /// <summary>Sends a POST request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Coroutine<ClientResponse> PostAsync(string url, ClientContent content) =>
        SendAsync(new("POST", url) { Content = content });

    /// <summary>Closes idle connections now, and the others when their responses end.</summary>
    public Coroutine CloseAsync() => throw new NotImplementedException();

    /// <inheritdoc cref="CloseAsync"/>
    public async ValueTask DisposeAsync()
    {
        await EventLoop.Current.CreateTask(CloseAsync());
        GC.SuppressFinalize(this);
    }
}
