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
    private const int SweepMin = 64;

    private readonly List<Sent> _sent = [];
    private int _sweepAt = SweepMin;

    private sealed class Sent(ClientRequest request)
    {
        public ClientRequest Request => request;

        /// <summary>Null while the head of the response has not arrived.</summary>
        public ClientResponse? Response { get; set; }
    }

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

    /// <summary>Sends a PUT request and reads its response.</summary>
    /// <inheritdoc cref="Send(ClientRequest)"/>
    public TestResponse Put(string url, ClientContent content) => Run(
        new ClientRequest("PUT", url) { Content = content }, nameof(Put), nameof(PutAsync));

    /// <summary>Sends a PATCH request and reads its response.</summary>
    /// <inheritdoc cref="Send(ClientRequest)"/>
    public TestResponse Patch(string url, ClientContent content) => Run(
        new ClientRequest("PATCH", url) { Content = content }, nameof(Patch), nameof(PatchAsync));

    /// <summary>Sends a DELETE request and reads its response.</summary>
    /// <inheritdoc cref="Send(ClientRequest)"/>
    public TestResponse Delete(string url) =>
        Run(new ClientRequest("DELETE", url), nameof(Delete), nameof(DeleteAsync));

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

    /// <inheritdoc/>
    public override async Coroutine<ClientResponse> SendAsync(ClientRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_sent.Count >= _sweepAt)
        {
            _sent.RemoveAll(static one => one.Response is { IsDisposed: true });
            _sweepAt = Math.Max(SweepMin, 2 * _sent.Count);
        }

        var sent = new Sent(request);
        _sent.Add(sent);
        try
        {
            sent.Response = await base.SendAsync(request);
        }
        finally
        {
            if (sent.Response is null)
            {
                _sent.Remove(sent);
            }
        }

        return sent.Response;
    }

    /// <summary>Before the end of the test: what it has begun and not ended.</summary>
    internal void FindOpen(LeakCheck check)
    {
        foreach (Sent sent in _sent)
        {
            if (sent.Response is not { } response)
            {
                check.Add($"a request in progress: {sent.Request.Method} {sent.Request.Url}");
            }
            else if (!response.IsDisposed && !response.HasEnded)
            {
                check.Add($"a response that was neither read to its end nor disposed of: "
                    + $"{response.Status} of {sent.Request.Method} {response.Url}");
            }
        }
    }

    /// <summary>Ends what the test has left open, so that it shows once.</summary>
    internal async Coroutine EndAsync()
    {
        foreach (Sent sent in _sent)
        {
            sent.Response?.Dispose();
        }

        await CloseAsync();
    }

    /// <summary>After the end of the server.</summary>
    internal void FindRemains(LeakCheck check)
    {
        check.Count(OpenConnections, "open connections of a client");
        check.Count(HeldBodyBytes, "bytes of the memory for response bodies");
        check.Count(RentedBodyBlocks, "rented blocks of response bodies");
    }

    private TestResponse Run(ClientRequest request, string name, string asyncName)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Server.RunFor(ReceiveAsync(request), name, asyncName);
    }

    private async Coroutine<TestResponse> ReceiveAsync(ClientRequest request)
    {
        using ClientResponse response = await SendAsync(request);
        return new TestResponse(response, await response.ReadAsync());
    }
}
