using System.Globalization;
using Reactor.Http.Tests.Server;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The session through other programs' forward proxies, on real sockets: tinyproxy, which asks for
/// credentials and ends each connection, and nginx, which keeps them. The origins are our server.
/// </summary>
[Category("External")]
public sealed class RealProxiesTests
{
    private static IEnumerable<string> Drivers => RealDrivers.Names;

    [TestCaseSource(nameof(Drivers))]
    public void Tinyproxy_takes_the_absolute_form_and_credentials_that_no_origin_sees(
        string driver)
    {
        using var origin = new Origin(driver);
        using var proxy = new Proxy("tinyproxy");
        RealPeers.Run(
            driver,
            async session =>
            {
                using ClientResponse response = await session.PostAsync(
                    $"{origin.Url}/a%20b?c=%2F", ClientContent.Text("content"));
                Assert.That(response.Status, Is.EqualTo(200));
                Assert.That(await response.TextAsync(), Is.EqualTo("/a%20b?c=%2F content"));
                Assert.That(response.Headers["Via"], Does.Contain("tinyproxy"));
            },
            new() { Proxy = proxy.For("user", "secret") });
        Assert.That(origin.Seen.Single()["Via"], Does.Contain("tinyproxy"));
        Assert.That(origin.Seen.Single().Keys, Does.Not.Contain("Proxy-Authorization").IgnoreCase);
    }

    [TestCaseSource(nameof(Drivers))]
    public void Without_credentials_the_answer_of_tinyproxy_is_407(string driver)
    {
        using var origin = new Origin(driver);
        using var proxy = new Proxy("tinyproxy");
        RealPeers.Run(
            driver,
            async session =>
            {
                using ClientResponse response = await session.GetAsync(origin.Url);
                Assert.That(response.Status, Is.EqualTo(407));
                Assert.That(response.Headers["Proxy-Authenticate"], Does.StartWith("Basic"));
                Assert.That(await response.TextAsync(), Is.Not.Empty);
            },
            new() { Proxy = proxy.For(null, null) });
        Assert.That(origin.Seen, Is.Empty);
    }

    [TestCaseSource(nameof(Drivers))]
    public void A_redirect_across_origins_leaves_credentials_behind_but_those_of_the_proxy(
        string driver)
    {
        using var first = new Origin(driver);
        using var second = new Origin(driver);
        using var proxy = new Proxy("tinyproxy");
        RealPeers.Run(
            driver,
            async session =>
            {
                using ClientResponse response = await session.SendAsync(
                    new("GET", $"{first.Url}/to?{second.Url}/there")
                    {
                        Headers = { { "Authorization", "Basic eDp5" }, { "Cookie", "a=b" } },
                    });
                Assert.That(await response.TextAsync(), Is.EqualTo("/there "));
            },
            new() { Proxy = proxy.For("user", "secret") });
        Assert.Multiple(() =>
        {
            Assert.That(first.Seen.Single()["Authorization"], Is.EqualTo("Basic eDp5"));
            Assert.That(first.Seen.Single()["Cookie"], Is.EqualTo("a=b"));
            Assert.That(second.Seen.Single().Keys, Does.Not.Contain("Authorization").IgnoreCase);
            Assert.That(second.Seen.Single().Keys, Does.Not.Contain("Cookie").IgnoreCase);
            Assert.That(second.Seen.Single()["Via"], Does.Contain("tinyproxy"), "it let it pass");
        });
    }

    [TestCaseSource(nameof(Drivers))]
    public void A_host_that_is_excluded_is_asked_without_tinyproxy(string driver)
    {
        using var origin = new Origin(driver);
        using var proxy = new Proxy("tinyproxy");
        RealPeers.Run(
            driver,
            async session =>
            {
                using ClientResponse response = await session.GetAsync(origin.Url);
                Assert.That(response.Status, Is.EqualTo(200));
            },
            new()
            {
                Proxy = proxy.For("user", "secret") with { ExcludedHosts = ["127.0.0.1"] },
            });
        Assert.That(origin.Seen.Single().Keys, Does.Not.Contain("Via").IgnoreCase);
        Assert.That(origin.Seen.Single().Keys, Does.Not.Contain("Proxy-Authorization").IgnoreCase);
    }

    [TestCaseSource(nameof(Drivers))]
    public void Nginx_gets_one_connection_for_each_origin_and_keeps_it(string driver)
    {
        const int Requests = 100;
        using var first = new Origin(driver);
        using var second = new Origin(driver);
        using var proxy = new Proxy("nginx");
        RealPeers.Run(
            driver,
            async session =>
            {
                var connections = new HashSet<string?>();
                for (int i = 0; i < Requests; i++)
                {
                    string url = i % 2 == 0 ? first.Url : second.Url;
                    using ClientResponse response = await session.GetAsync($"{url}/{i}");
                    Assert.That(await response.TextAsync(), Is.EqualTo($"/{i} "));
                    connections.Add(response.Headers["X-Connection"]);
                }

                Assert.That(connections, Has.Count.EqualTo(2));
                Assert.That(session.IdleConnections, Is.EqualTo(2));
            },
            new() { Proxy = proxy.For(null, null) });
        Assert.That((first.Seen.Count, second.Seen.Count), Is.EqualTo((50, 50)));
    }

    [TestCaseSource(nameof(Drivers))]
    public void What_a_proxy_says_of_a_dead_or_silent_origin_is_a_response(string driver)
    {
        using var origin = new Origin(driver);
        using var tinyproxy = new Proxy("tinyproxy");
        using var nginx = new Proxy("nginx");
        string dead = $"http://127.0.0.1:{LoopbackPort.FindFree()}/";
        AssertStatus(tinyproxy, dead, 500); // tinyproxy has no 502
        AssertStatus(nginx, dead, 502);
        AssertStatus(nginx, $"{origin.Url}/silent", 504);

        void AssertStatus(Proxy proxy, string url, int expected) => RealPeers.Run(
            driver,
            async session =>
            {
                using ClientResponse response = await session.GetAsync(url);
                Assert.That(response.Status, Is.EqualTo(expected));
                Assert.That(await response.TextAsync(), Is.Not.Empty);
            },
            new() { Proxy = proxy.For("user", "secret") });
    }

    [TestCaseSource(nameof(Drivers))]
    public void A_proxy_that_is_down_is_named_in_the_error(string driver)
    {
        int port = LoopbackPort.FindFree();
        RealPeers.Run(
            driver,
            async session =>
            {
                try
                {
                    (await session.GetAsync("http://origin.example/")).Dispose();
                    Assert.Fail("nothing was thrown");
                }
                catch (ClientConnectException error)
                {
                    Assert.That(
                        error.Message, Does.StartWith($"The proxy 127.0.0.1:{port} cannot"));
                }
            },
            new() { Proxy = new ClientProxy($"http://127.0.0.1:{port}") });
    }

    /// <summary>Answers with target and content, and notes the fields of each request.</summary>
    private sealed class Origin : IDisposable
    {
        private readonly RealServer _server;

        public Origin(string driver) => _server = new RealServer(
            driver,
            app =>
            {
                app.Get("/{rest...}", AnswerAsync);
                app.Post("/{rest...}", AnswerAsync);
            },
            new() { CancelHandlerOnDisconnect = true });

        public string Url => $"http://{_server.EndPoint}";

        /// <summary>Read it after the responses.</summary>
        public List<Dictionary<string, string>> Seen { get; } = [];

        public void Dispose() => _server.Dispose();

        private async Coroutine<Response> AnswerAsync(Request request)
        {
            Seen.Add(new(request.Headers, StringComparer.OrdinalIgnoreCase));
            string target = request.QueryString.Length == 0
                ? request.Path
                : $"{request.Path}?{request.QueryString}";
            if (target == "/silent")
            {
                await EventLoop.Delay(TimeSpan.FromMinutes(1));
            }

            bool isMoved = request.Path == "/to";
            var response = Response.Text(
                $"{target} {await request.TextAsync()}", isMoved ? 302 : 200);
            if (isMoved)
            {
                response.Headers.Set("Location", request.QueryString);
            }

            return response;
        }
    }

    /// <summary>A forward proxy in a process of its own.</summary>
    private sealed class Proxy : IDisposable
    {
        private readonly DirectoryInfo _folder =
            Directory.CreateTempSubdirectory("reactor-forward-");

        private readonly int _port = LoopbackPort.FindFree();
        private readonly ChildProcess _process;

        public Proxy(string name)
        {
            string file = Path.Combine(_folder.FullName, "conf");
            string program = ExternalTool.Require(name, name == "nginx" ? "nginx-light" : name);
            File.WriteAllText(file, name == "nginx" ? Nginx() : Tinyproxy());
            string[] arguments = name == "nginx"
                ? ["-p", _folder.FullName, "-c", file]
                : ["-d", "-c", file];
            _process = RealPeers.Start(_port, program, arguments);
        }

        public ClientProxy For(string? user, string? password) =>
            new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"))
            {
                UserName = user,
                Password = password,
            };

        public void Dispose()
        {
            _process.Dispose();
            _folder.Delete(recursive: true);
        }

        private string Tinyproxy() => $"""
            Port {_port}
            Listen 127.0.0.1
            Timeout 20
            BasicAuth user secret

            """;

        // It keeps no connection to an origin, which the client cannot know of.
        private string Nginx() => $$"""
            daemon off; master_process off; pid {{_folder}}/pid; error_log {{_folder}}/error crit;
            events { worker_connections 256; }
            http {
              access_log off; client_body_temp_path {{_folder}}/b; proxy_temp_path {{_folder}}/p;
              fastcgi_temp_path {{_folder}}/f; uwsgi_temp_path {{_folder}}/u;
              scgi_temp_path {{_folder}}/s;
              server {
                listen 127.0.0.1:{{_port}};
                add_header X-Connection $connection always;
                location / { proxy_pass http://$http_host$request_uri; }
                location = /silent {
                  proxy_pass http://$http_host$request_uri; proxy_read_timeout 100ms;
                }
              }
            }
            """;
    }
}
