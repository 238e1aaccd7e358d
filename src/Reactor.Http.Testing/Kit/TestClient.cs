namespace Reactor.Http.Testing;

/// <summary>
/// A <see cref="ClientSession"/> that is connected to a <see cref="TestServer"/>. Its synchronous
/// members run the loop and return buffered responses; in a coroutine use the asynchronous ones.
/// </summary>
/// <remarks>
/// Test's thread while the loop does not run, or loop thread. The server's end closes it.
/// </remarks>
public sealed class TestClient : ClientSession
{
    private bool _isUsed;

    internal TestClient(TestServer server, ClientOptions options) : base(options) =>
        Server = server;

    /// <summary>The server.</summary>
    public TestServer Server { get; }

    /// <summary>Sends a GET request and reads its response.</summary>
    /// <inheritdoc cref="Send(ClientRequest)"/>
    public TestResponse Get(string url) =>
        Run(new ClientRequest("GET", url), nameof(Get), nameof(GetAsync));

    /// <summary>Sends a POST request and reads its response.</summary>
    /// <inheritdoc cref="Send(ClientRequest)"/>
    public TestResponse Post(string url, ClientContent content) => Run(
        new ClientRequest("POST", url) { Content = content }, nameof(Post), nameof(PostAsync));

    /// <summary>Sends a request and reads its response. Runs the loop.</summary>
    /// <exception cref="ClientException">It failed; the type says how.</exception>
    /// <exception cref="ForeignWaitException">Something waited for real time.</exception>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    public TestResponse Send(ClientRequest request) =>
        Run(request, nameof(Send), nameof(SendAsync));

    /// <inheritdoc cref="TestServer.Advance"/>
    public void Advance(TimeSpan duration) => Server.Advance(duration);

    /// <inheritdoc cref="TestServer.AdvanceAsync"/>
    public Coroutine AdvanceAsync(TimeSpan duration) => Server.AdvanceAsync(duration);

    /// <summary>Before the end of the test.</summary>
    internal void FindLeaks(LeakCheck check)
    {
        if (_isUsed && WaitingRequests > 0)
        {
            check.Add($"requests that wait for a connection: {WaitingRequests}");
        }
    }

    internal async Coroutine EndAsync()
    {
        if (_isUsed)
        {
            await CloseAsync();
        }
    }

    private TestResponse Run(ClientRequest request, string name, string asyncName)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Server.RunFor(ReceiveAsync(request), name, asyncName);
    }

    private async Coroutine<TestResponse> ReceiveAsync(ClientRequest request)
    {
        _isUsed = true;
        using ClientResponse response = await SendAsync(request);
        return new TestResponse(response, await response.ReadAsync());
    }
}
