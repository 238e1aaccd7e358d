using System.Net;
using System.Net.Sockets;
using Reactor.Inspector;

namespace Inspector.Tests.Server;

/// <summary>What the guard accepts, and that it rejects what differs in one point.</summary>
[TestFixture]
public sealed class GuardTests
{
    private static readonly string[] s_guarded =
        ["/", "/text", "/api/session", "/api/live", "/api/tree", "/api/recordings"];

    private static readonly string[] s_open =
        ["/main.js", "/style.css", "/strings.json", "/favicon.svg"];

    private InspectedLoop _world = null!;

    private string Token => _world.Inspector.Host.Guard.Token;

    [OneTimeSetUp]
    public void Open() => _world = new InspectedLoop();

    [OneTimeTearDown]
    public void Close() => _world.Dispose();

    [TestCaseSource(nameof(s_guarded))]
    public void A_path_with_data_needs_the_token_in_a_header_or_in_the_query(string path)
    {
        Assert.That(_world.Client.Get(path).Status, Is.EqualTo(HttpStatusCode.OK), "header");
        Assert.That(
            Without($"{path}?token={Token}"), Is.EqualTo(HttpStatusCode.OK), "query");
        Assert.That(Without(path), Is.EqualTo(HttpStatusCode.Forbidden), "none");
        string wrong = Token[..^1] + (Token[^1] == '0' ? '1' : '0');
        Assert.That(
            Without($"{path}?token={wrong}"), Is.EqualTo(HttpStatusCode.Forbidden), "wrong");
        Assert.That(
            Without($"{path}?token={Token[..^1]}"), Is.EqualTo(HttpStatusCode.Forbidden), "short");
    }

    [TestCaseSource(nameof(s_open))]
    public void A_fixed_file_of_the_page_needs_no_token(string path) =>
        Assert.That(Without(path), Is.EqualTo(HttpStatusCode.OK));

    [TestCase(80, "127.0.0.1", true)]
    [TestCase(80, "127.0.0.1:80", false)]
    [TestCase(81, "127.0.0.1:81", true)]
    [TestCase(81, "127.0.0.1", false)]
    public void A_browser_leaves_out_the_default_port(int port, string host, bool isAccepted) =>
        Assert.That(new InspectorGuard { Port = port }.IsHost(host), Is.EqualTo(isAccepted));

    [Test]
    public void A_rejection_says_what_to_do_in_the_language_of_the_request()
    {
        Assert.That(
            _world.Client.Send(HttpMethod.Get, "/text", NoToken).Text,
            Does.Contain("Open the address that the program has printed"));
        Assert.That(
            _world.Client.Send(HttpMethod.Get, "/text?lang=zh", NoToken).Text,
            Does.Contain("令牌"));
    }

    [TestCase("127.0.0.1", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("localhost", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("LOCALHOST", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("[::1]", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("127.0.0.2", ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("localhost.example.org", ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("rebound.example.org", ExpectedResult = HttpStatusCode.Forbidden)]
    public HttpStatusCode The_host_must_be_a_loopback_name(string host) => _world.Client.Send(
        HttpMethod.Get, "/api/session",
        request => request.Headers.Host = $"{host}:{_world.Inspector.Port}").Status;

    [Test]
    public void The_host_must_have_the_port_of_the_inspector()
    {
        foreach (string host in new[] { "127.0.0.1", $"127.0.0.1:{_world.Inspector.Port ^ 1}" })
        {
            Assert.That(
                _world.Client.Send(
                    HttpMethod.Get, "/main.js", request => request.Headers.Host = host).Status,
                Is.EqualTo(HttpStatusCode.Forbidden), host);
        }
    }

    [Test]
    public void A_post_needs_its_header()
    {
        const string Path = "/api/record?seconds=0";
        // 400: the guard has accepted it, and the seconds are wrong.
        Assert.That(_world.Client.Post(Path).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            _world.Client.Send(HttpMethod.Post, Path).Status,
            Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            _world.Client.Send(
                HttpMethod.Post, Path,
                request => request.Headers.Add(InspectorGuard.PostHeader, "0")).Status,
            Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            _world.Client.Get(Path).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [TestCase("/")]
    [TestCase("/main.js")]
    [TestCase("/api/session")]
    [TestCase("/no-such-page")]
    public void Every_response_forbids_foreign_content_caches_and_referrers(string path)
    {
        using HttpResponseMessage response = _world.Client.Respond(HttpMethod.Get, path);
        string Field(string name) => string.Join(", ", response.Headers.GetValues(name));
        Assert.That(
            Field("Content-Security-Policy"),
            Does.StartWith("default-src 'self';").And.Not.Contain("unsafe"));
        Assert.That(Field("X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(Field("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(Field("Referrer-Policy"), Is.EqualTo("no-referrer"));
    }

    [Test]
    public void Only_the_loopback_address_listens()
    {
        using var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        near.Connect(IPAddress.Loopback, _world.Inspector.Port);
        // Also an address of this machine, on which a wildcard listener would answer.
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.That(
            () => far.Connect(IPAddress.Parse("127.0.0.2"), _world.Inspector.Port),
            Throws.TypeOf<SocketException>());
    }

    [Test]
    public void Two_inspectors_have_different_tokens()
    {
        using var other = new InspectedLoop();
        Assert.That(other.Inspector.Host.Guard.Token, Is.Not.EqualTo(Token));
        Assert.That(Token, Has.Length.EqualTo(32));
    }

    private HttpStatusCode Without(string path) =>
        _world.Client.Send(HttpMethod.Get, path, NoToken).Status;

    private static void NoToken(HttpRequestMessage request) =>
        request.Headers.Remove(InspectorGuard.TokenHeader);
}
