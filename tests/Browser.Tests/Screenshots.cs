using Inspector.Tests.Server;
using Microsoft.Playwright;
using Reactor.Inspector;
using Reactor.Recording;
using Reactor.Testing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>
/// The pictures of docs/inspector.md; docs/inspector/make starts this. An ordinary run only checks
/// that the pictures are there and small.
/// </summary>
[TestFixture]
[Category("External")]
public sealed class Screenshots
{
    private const string MakeVariable = "REACTOR_SCREENSHOTS";
    private const int BytesMax = 150_000;
    private const int Width = 1240;
    private const int Height = 790;

    private static readonly string s_folder =
        Path.Combine(RepositoryFolder.Path, "docs", "inspector");

    [Test]
    public async Task The_pictures_of_the_manual_are_there_and_small()
    {
        if (Environment.GetEnvironmentVariable(MakeVariable) == "1")
        {
            await MakeAll();
        }

        foreach (string name in new[] { "live", "recorded", "blocked" })
        {
            var file = new FileInfo(Path.Combine(s_folder, $"{name}.png"));
            Assert.That(file, Does.Exist);
            Assert.That(file.Length, Is.LessThan(BytesMax), name);
        }
    }

    private static async Task MakeAll()
    {
        await using Chromium chromium = await Chromium.StartAsync();
        using var busy = new BusyLoop();
        IPage live = await OpenAsync(chromium, $"{busy.Url}&lang=en");
        await Expect(live.Locator("#cycles")).ToContainTextAsync("alice");
        await Expect(live.Locator("#histograms .chart svg")).ToHaveCountAsync(4);
        await SaveAsync(live, "live");

        LoopTrace trace = Traces.OfTicks(turns: 60);
        using RecordedInspector recorded = RecordedInspector.Open(trace);
        int position = Enumerable.Range(200, trace.Count - 200).First(
            at => trace.StateAt(at) is { BatchLeft: 3, Running: not null, ReadyCount: > 3 });
        IPage page = await OpenAsync(chromium, $"{recorded.Url}&lang=en#event={position}");
        await Expect(page.Locator("#position")).ToHaveValueAsync($"{position}");
        await SaveAsync(page, "recorded");

        busy.Block();
        await Expect(live.Locator("#blocked")).ToBeVisibleAsync();
        await live.Locator("#blocked").ScrollIntoViewIfNeededAsync();
        await SaveAsync(live, "blocked", height: 400);
        busy.Unblock();
    }

    private static Task<IPage> OpenAsync(Chromium chromium, string url) =>
        chromium.OpenAsync(url, width: Width, height: Height);

    private static async Task SaveAsync(IPage page, string name, int height = Height) =>
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(s_folder, $"{name}.png"),
            Clip = new() { X = 0, Y = 0, Width = Width, Height = height },
        });
}
