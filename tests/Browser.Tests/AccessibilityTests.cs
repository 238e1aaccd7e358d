using System.Text.Json;
using Inspector.Tests.Server;
using Microsoft.Playwright;
using Reactor.Inspector;
using Reactor.Testing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>
/// The checks of axe-core on each view of the page: both languages, light and dark, wide and
/// narrow.
/// </summary>
[TestFixture]
[Category("External")]
public sealed class AccessibilityTests
{
    private Chromium _chromium = null!;
    private BusyLoop _busy = null!;
    private RecordedInspector _recorded = null!;
    private string _axe = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        string modules = NpmPackage.Require("axe-core", "4.14.1");
        _axe = await File.ReadAllTextAsync(Path.Combine(modules, "axe-core", "axe.min.js"));
        _chromium = await Chromium.StartAsync();
        _busy = new BusyLoop();
        _recorded = RecordedInspector.Open(Traces.OfTicks(turns: 50));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
            _recorded.Dispose();
            _busy.Dispose();
        }
    }

    [TearDown]
    public Task Close() => _chromium.CloseAllAsync();

    [TestCase("en", ColorScheme.Light, 1400)]
    [TestCase("en", ColorScheme.Dark, 1400)]
    [TestCase("zh", ColorScheme.Light, 1400)]
    [TestCase("zh", ColorScheme.Dark, 400)]
    public async Task Axe_finds_nothing_in_the_live_page(
        string language, ColorScheme colors, int width)
    {
        IPage page = await _chromium.OpenAsync($"{_busy.Url}&lang={language}", colors, width);
        await Expect(page.Locator("#tasks")).ToContainTextAsync("BusyLoop.cs:");
        await Expect(page.Locator("#cycles")).ToContainTextAsync("alice");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync(" ");
        await AssertClean(page);
    }

    [TestCase("en", ColorScheme.Light, 1400)]
    [TestCase("zh", ColorScheme.Dark, 1400)]
    [TestCase("en", ColorScheme.Dark, 400)]
    public async Task Axe_finds_nothing_in_a_recording(
        string language, ColorScheme colors, int width)
    {
        IPage page = await _chromium.OpenAsync(
            $"{_recorded.Url}&lang={language}#event=60", colors, width);
        await Expect(page.Locator("#position")).ToHaveValueAsync("60");
        await AssertClean(page);
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
        await AssertClean(page);
    }

    [Test]
    public async Task A_narrow_page_does_not_scroll_sideways()
    {
        IPage page = await _chromium.OpenAsync($"{_busy.Url}&lang=en", width: 360);
        await Expect(page.Locator("#tasks")).ToContainTextAsync("BusyLoop.cs:");
        int surplus = await page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(surplus, Is.Zero);
    }

    // The script is evaluated, not added: the page's policy rejects foreign scripts.
    private async Task AssertClean(IPage page)
    {
        await page.EvaluateAsync(_axe);
        JsonElement result = (await page.EvaluateAsync(
            "axe.run().then(found => found.violations.map(one => one.id + ': ' + one.help + "
            + "' ' + one.nodes.map(node => node.html.slice(0, 120)).join(' | ')))"))!.Value;
        Assert.That(
            result.EnumerateArray().Select(one => one.GetString()), Is.Empty);
    }
}
