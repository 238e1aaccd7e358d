using System.Net;
using Reactor;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Clients that follow the WHATWG URL standard send characters as they are that RFC 3986 wants
/// escaped. Their requests are served, and the handler gets what was sent.
/// </summary>
[Category("External")]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class RawTargetTests(string driver)
{
    // In a path clients differ in what they escape; in a query they do not.
    private const string Target = "/a|b^c?q=a|b{}^`\\";

    private EventLoop _loop = null!;
    private LoopServer _server = null!;
    private Thread _thread = null!;
    private int _port;

    [OneTimeSetUp]
    public void Start()
    {
        var app = new Application();
        app.Get("/page", Page);
        app.Get("/{rest:raw...}", Tell);
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driver) });
        _server = _loop.CreateServer(
            app.MakeHandler(), [new IPEndPoint(IPAddress.Loopback, 0)]);
        _port = ((IPEndPoint)_server.EndPoints[0]).Port;
        _thread = new Thread(_loop.RunForever) { IsBackground = true };
        _thread.Start();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _loop.CallSoonThreadSafe(() =>
        {
            _server.CloseClients();
            _server.Close();
            _loop.CallSoon(_loop.Stop);
        });
        _thread.Join();
        _loop.Dispose();
    }

    [Test]
    public void The_fetch_of_node_is_served()
    {
        string node = ExternalTool.Require("node", "nodejs");
        (int exitCode, string output, _) = ChildProcess.Run(
            node,
            "-e",
            "fetch(process.argv[1]).then(async r => console.log(r.status, await r.text()))",
            $"http://127.0.0.1:{_port}{Target}");

        Assert.That(exitCode, Is.Zero);
        AssertServed(output.Trim());
    }

    [Test]
    public void A_browser_is_served()
    {
        string chromium = ExternalTool.Require("chromium", "chromium");
        string profile = Directory.CreateTempSubdirectory("browser").FullName;
        try
        {
            (_, string output, _) = ChildProcess.Run(
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                $"--user-data-dir={profile}", "--dump-dom", $"http://127.0.0.1:{_port}/page");
            int start = output.IndexOf("<body>", StringComparison.Ordinal) + "<body>".Length;
            int end = output.IndexOf("</body>", StringComparison.Ordinal);

            Assert.That(end, Is.GreaterThan(start), output);
            AssertServed(WebUtility.HtmlDecode(output[start..end]));
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    // What the client saw: a status, the path and the query as the server got them.
    private static void AssertServed(string answer)
    {
        TestContext.Out.WriteLine(answer);
        Assert.That(
            answer, Does.Match(@"^200 /a(\||%7C)b(\^|%5E)c q=a\|b\{\}\^`\\$"));
    }

#pragma warning disable CS1998 // handlers that have nothing to wait for
    private static async Coroutine<Response> Tell(Request request) =>
        Response.Text($"{request.Path} {request.QueryString}");

    private static async Coroutine<Response> Page(Request _) => Response.Html(
        $$"""
        <body><script>
          const request = new XMLHttpRequest();
          request.open("GET", String.raw`/a|b^c?q=a|b{}^` + "`\\", false);
          request.send();
          document.body.textContent = `${request.status} ${request.responseText}`;
        </script></body>
        """);
#pragma warning restore CS1998
}
