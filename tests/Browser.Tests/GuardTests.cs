using System.Collections.Concurrent;
using Microsoft.Playwright;
using Reactor.Http;

namespace Browser.Tests;

/// <summary>
/// CORS and CSRF protection as a browser understands them: a page of one origin and a service of
/// another, on two ports.
/// </summary>
[TestFixture]
[Category("External")]
public sealed class GuardTests
{
    // The outcome of a fetch as text: what a script of the page can see of it.
    private const string Fetch = """
        async ([url, options]) => {
            try {
                const response = await fetch(url, options);
                const seen = ['ETag', 'X-Hidden'].map(name => response.headers.get(name));
                return `${response.status} ${await response.text()} ${seen.join(' ')}`.trim();
            } catch (error) {
                return error.name;
            }
        }
        """;

    private readonly ConcurrentQueue<string> _handled = [];
    private Chromium _chromium = null!;
    private ServedApplication _friend = null!;
    private ServedApplication _stranger = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _chromium = await Chromium.StartAsync();
        _friend = new ServedApplication(app => app.Get("/", _ => Response.Html("<p>friend</p>")));
        _stranger = new ServedApplication(
            app => app.Get("/", _ => Response.Html("<p>stranger</p>")));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _chromium.DisposeAsync();
        _friend.Dispose();
        _stranger.Dispose();
    }

    [SetUp]
    public void Forget() => _handled.Clear();

    [TearDown]
    public Task Close() => _chromium.CloseAllAsync();

    [Test]
    public async Task An_allowed_page_reads_a_simple_response_and_the_exposed_fields()
    {
        using ServedApplication service = Serve(Options);
        IPage page = await _chromium.OpenUnroutedAsync(_friend.Origin);
        Assert.That(await FetchAsync(page, service, "/text"), Is.EqualTo("200 text \"1\""));
        Assert.That(await FetchAsync(page, service, "/stream"), Is.EqualTo("200 stream"));
        Assert.That(await FetchAsync(page, service, "/none"), Does.StartWith("404"));
        Assert.That(await FetchAsync(page, service, "/broken"), Does.StartWith("500"));
    }

    [Test]
    public async Task Another_page_and_a_sandboxed_frame_read_nothing()
    {
        using ServedApplication service = Serve(Options);
        IPage stranger = await _chromium.OpenUnroutedAsync(_stranger.Origin);
        Assert.That(await FetchAsync(stranger, service, "/text"), Is.EqualTo("TypeError"));
        Assert.That(_handled, Is.EqualTo(new[] { "GET /text" }), "a simple request is sent");
        IPage friend = await _chromium.OpenUnroutedAsync(_friend.Origin);
        string sandboxed = await friend.EvaluateAsync<string>(
            """
            url => new Promise(resolve => {
                addEventListener('message', event => resolve(event.data));
                const frame = document.createElement('iframe');
                frame.sandbox = 'allow-scripts';
                frame.srcdoc = `<script>fetch('${url}').then(
                    () => parent.postMessage('read', '*'),
                    error => parent.postMessage(error.name, '*'))</script>`;
                document.body.append(frame);
            })
            """, $"{service.Origin}/text");
        Assert.That(sandboxed, Is.EqualTo("TypeError"));
    }

    [Test]
    public async Task A_preflight_lets_allowed_methods_and_fields_through_and_no_others()
    {
        using ServedApplication service = Serve(Options);
        IPage page = await _chromium.OpenUnroutedAsync(_friend.Origin);
        var json = new Dictionary<string, string> { ["Content-Type"] = "application/json" };
        Assert.That(
            await FetchAsync(page, service, "/text", new { method = "PUT", headers = json }),
            Is.EqualTo("200 put"));
        Assert.That(_handled, Is.EqualTo(new[] { "PUT /text" }));
        Assert.That(
            await FetchAsync(page, service, "/text", new { method = "DELETE" }),
            Is.EqualTo("TypeError"));
        var other = new Dictionary<string, string> { ["X-Other"] = "1" };
        Assert.That(
            await FetchAsync(page, service, "/text", new { method = "PUT", headers = other }),
            Is.EqualTo("TypeError"));
        Assert.That(_handled, Has.Count.EqualTo(1), "what is not allowed is not sent");
    }

    [Test]
    public async Task Cookies_are_sent_and_the_response_read_only_with_credentials()
    {
        using ServedApplication with = Serve(Options with { Credentials = true });
        using ServedApplication without = Serve(Options);
        IPage page = await _chromium.OpenUnroutedAsync(_friend.Origin);
        var include = new { credentials = "include" };
        Assert.That(await FetchAsync(page, with, "/login", include), Is.EqualTo("200 in"));
        Assert.That(await FetchAsync(page, with, "/user", include), Is.EqualTo("200 user"));
        Assert.That(await FetchAsync(page, with, "/user"), Is.EqualTo("200 nobody"));
        Assert.That(await FetchAsync(page, without, "/user", include), Is.EqualTo("TypeError"));
    }

    [Test]
    public async Task A_form_of_another_page_is_refused_and_one_of_its_own_is_taken()
    {
        using ServedApplication service = new(app =>
        {
            app.UseCsrfProtection();
            app.UseSecurityHeaders();
            app.Get("/", _ => Response.Html("<form method=post action=/change></form>"));
            app.Post("/change", _ => Response.Text("changed"));
        });
        IPage page = await _chromium.OpenUnroutedAsync(_friend.Origin);
        await page.SetContentAsync($"<form method=post action={service.Origin}/change></form>");
        Assert.That(await SubmitAsync(page), Is.EqualTo(403));
        await page.GotoAsync(service.Origin);
        Assert.That(await SubmitAsync(page), Is.EqualTo(200));
    }

    private CorsOptions Options => new()
    {
        Origins = [_friend.Origin],
        Methods = ["GET", "PUT"],
        Headers = ["Content-Type"],
        ExposedHeaders = ["ETag"],
    };

    // The script ends before its page goes, and the next navigation begins after this one has
    // committed: either would be interrupted by it. The form is gone with its page: unlike a
    // navigation, that can be waited for after it has happened.
    private static async Task<int> SubmitAsync(IPage page)
    {
        IResponse answer = await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync("setTimeout(() => document.forms[0].submit())"),
            response => response.Request.Method == "POST");
        await page.Locator("form").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return answer.Status;
    }

    private static Task<string> FetchAsync(
        IPage page, ServedApplication service, string target, object? options = null) =>
        page.EvaluateAsync<string>(Fetch, new[] { service.Origin + target, options ?? new { } });

    private ServedApplication Serve(CorsOptions options) => new(app =>
    {
        app.UseCors(options);
        app.Use((request, next) =>
        {
            _handled.Enqueue($"{request.Method} {request.Path}");
            return next(request);
        });
        app.Get("/text", _ =>
        {
            var response = Response.Text("text");
            response.Headers.Add("ETag", "\"1\"");
            response.Headers.Add("X-Hidden", "1");
            return response;
        });
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync("stream"u8.ToArray());
            return response;
        });
        Func<Request, Response> broken = _ => throw new InvalidOperationException("broken");
        app.Get("/broken", broken);
        app.Put("/text", _ => Response.Text("put"));
        app.Get("/login", _ =>
        {
            var response = Response.Text("in");
            response.SetCookie("user", "user");
            return response;
        });
        app.Get("/user", request => Response.Text(
            request.Cookies.TryGetValue("user", out string? user) ? user : "nobody"));
    });
}
