using Microsoft.Playwright;
using Reactor.Testing;

namespace Browser.Tests;

/// <summary>
/// Debian's Chromium, and the requests that leave the given port: they are aborted and counted. One
/// test at a time.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    /// <summary>The time for a change of the page; longer means that it hangs.</summary>
    private const float HungMs = 30_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) =>
        (_playwright, _browser) = (playwright, browser);

    /// <summary>The addresses of requests to another host or port.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>What pages wrote to their consoles as errors.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<Chromium> StartAsync()
    {
        string program = ExternalTool.Require("chromium", "chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            // Root, as in a container, has no sandbox.
            Args = ["--no-sandbox", "--disable-background-networking"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>Opens a page that may reach one port of the loopback address.</summary>
    public async Task<IPage> OpenAsync(
        string url, ColorScheme colors = ColorScheme.Light, int width = 1400, int height = 1000)
    {
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = height },
        });
        context.SetDefaultTimeout(HungMs);
        Assertions.SetDefaultExpectTimeout(HungMs); // a hundred steps take as long as they take
        string authority = new Uri(url).Authority;
        await context.RouteAsync("**/*", async route =>
        {
            if (new Uri(route.Request.Url).Authority == authority)
            {
                await route.ContinueAsync();
                return;
            }

            lock (Foreign)
            {
                Foreign.Add(route.Request.Url);
            }

            await route.AbortAsync();
        });
        IPage page = await context.NewPageAsync();
        page.PageError += (_, error) => Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Add(message.Text);
            }
        };
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>
    /// Opens a page that may reach everything: where requests are routed, Playwright answers
    /// preflights itself.
    /// </summary>
    public async Task<IPage> OpenUnroutedAsync(string url)
    {
        IBrowserContext context = await _browser.NewContextAsync();
        context.SetDefaultTimeout(HungMs);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>
    /// Closes the pages of a test: a live page asks for its state again and again.
    /// </summary>
    public async Task CloseAllAsync()
    {
        foreach (IBrowserContext context in _browser.Contexts.ToArray())
        {
            // A request that is just being routed would fail with the page.
            await context.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
            await context.CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Add(string error)
    {
        lock (Errors)
        {
            Errors.Add(error);
        }
    }
}
