using System.Text.RegularExpressions;
using Inspector.Tests;
using Inspector.Tests.Server;
using Microsoft.Playwright;
using Reactor.Inspector;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>
/// Worst values, slow works and the timeline lead to their moments, and a moment to its pictures.
/// </summary>
[TestFixture]
[Category("External")]
public sealed class MomentLinkTests
{
    private static readonly string[] s_languages = ["en", "zh"];

    private Chromium _chromium = null!;

    [OneTimeSetUp]
    public async Task Start() => _chromium = await Chromium.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _chromium.DisposeAsync();

    [TearDown]
    public Task Close() => _chromium.CloseAllAsync();

    [TestCaseSource(nameof(s_languages))]
    public async Task A_worst_value_leads_to_its_moment(string language)
    {
        using RecordedInspector inspector = RecordedInspector.Open(Traces.OfMoments());
        IPage page = await _chromium.OpenAsync($"{inspector.Url}&lang={language}#event=16");
        await Expect(page.Locator("#position")).ToHaveValueAsync("16");
        // Queue wait, run time of the slower callback, lateness, poll.
        foreach ((int chart, int number) in new[] { (0, 8), (1, 14), (2, 4), (3, 3) })
        {
            await page.Keyboard.PressAsync("End");
            await Expect(page.Locator("#position")).ToHaveValueAsync("16");
            await page.Locator("#histograms .chart").Nth(chart).Locator("a").First.ClickAsync();
            await Expect(page.Locator("#position")).ToHaveValueAsync($"{number}");
            await Expect(page).ToHaveURLAsync(new Regex($"#event={number}$"));
        }
    }

    [Test]
    public async Task The_timeline_and_the_slow_works_lead_to_their_moments()
    {
        using RecordedInspector inspector = RecordedInspector.Open(Traces.OfMoments());
        IPage page = await _chromium.OpenAsync($"{inspector.Url}&lang=en#event=1");
        ILocator position = page.Locator("#position");
        await Expect(position).ToHaveValueAsync("1");
        // The last mark is at the edge, and the line of this moment is drawn over the first.
        await page.Locator("#timeline svg .slow").Last.ClickAsync();
        await Expect(position).ToHaveValueAsync("15");
        await page.Keyboard.PressAsync("S");
        await Expect(position).ToHaveValueAsync("10");
        await page.Keyboard.PressAsync("Home");
        await Expect(position).ToHaveValueAsync("0");
        await page.Locator("#timeline svg .slow").First.ClickAsync();
        await Expect(position).ToHaveValueAsync("10");
        await page.Keyboard.PressAsync("s");
        await Expect(position).ToHaveValueAsync("15");
        // In the middle the callback of a millisecond runs, nearly as long as the whole trace.
        LocatorBoundingBoxResult box = (await page.Locator("#timeline svg").BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await Expect(position).ToHaveValueAsync("13");
    }

    [Test]
    public async Task A_recording_offers_each_kind_of_picture_at_its_moment()
    {
        using RecordedInspector inspector = RecordedInspector.Open(
            new TraceScript().Turn(1).State(7, "idle").After(10).Turn(2).Build());
        IPage page = await _chromium.OpenAsync($"{inspector.Url}&lang=en#event=2");
        await Expect(page.Locator("#position")).ToHaveValueAsync("2");
        ILocator links = page.Locator("#pictures a");
        await Expect(links).ToHaveCountAsync(6);
        var kinds = new List<string>();
        foreach (ILocator link in await links.AllAsync())
        {
            string address = (await link.GetAttributeAsync("href"))!;
            Assert.That(address, Does.EndWith("&event=2"));
            kinds.Add(Regex.Match(address, "kind=([a-z]+)").Groups[1].Value);
        }

        Assert.That(
            kinds,
            Is.EqualTo(Enum.GetNames<PictureKind>().Select(kind => kind.ToLowerInvariant())));
        await page.Locator("#connections .ids a").ClickAsync();
        await Expect(page.Locator("svg > title")).ToHaveTextAsync("Connection 7");
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task A_live_moment_is_shown_while_it_is_held(string language)
    {
        // A loop that rests after one callback keeps its event.
        using var world = new InspectedLoop(loop => loop.CallSoon(() => { }));
        IPage page = await _chromium.OpenAsync($"{world.Inspector.Url}&lang={language}");
        InspectorStrings strings = InspectorStrings.For(language);
        await Expect(page.Locator("#histograms .culprits a").First).ToBeVisibleAsync();
        // In one step: the page asks the loop for its tasks once in a second, and the callback
        // that answers may be the new first.
        string number = await page.EvaluateAsync<string>(
            """
            () => {
                const link = document.querySelector('#histograms .culprits a');
                link.click();
                return link.dataset.event;
            }
            """);
        await Expect(page.Locator("#mode")).ToHaveTextAsync(strings.Get("mode.paused"));
        await Expect(page.Locator("#moment")).ToHaveTextAsync(
            strings.Get("moment.held", ("event", number)));
        await Expect(page.Locator("#log .linked .index")).ToHaveTextAsync(number);
        await Expect(page).ToHaveURLAsync(new Regex($"#event={number}$"));

        await page.Locator("#follow").ClickAsync();
        await Expect(page.Locator("#moment")).ToBeHiddenAsync();
        await Expect(page.Locator("#mode")).ToHaveTextAsync(strings.Get("mode.live"));
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task A_live_moment_that_is_gone_is_said_to_be_gone(string language)
    {
        using var busy = new BusyLoop();
        IPage page = await _chromium.OpenAsync($"{busy.Url}&lang={language}");
        InspectorStrings strings = InspectorStrings.For(language);
        await Expect(page.Locator("#histograms .culprits a").First).ToBeVisibleAsync();
        await page.EvaluateAsync("location.hash = '#event=1'");
        await Expect(page.Locator("#moment")).ToHaveTextAsync(
            strings.Get("moment.gone", ("event", 1), ("count", 60)));
        await Expect(page.Locator("#mode")).ToHaveTextAsync(strings.Get("mode.live"));

        // The right end of the timeline is now. A span that has just begun has no event yet.
        LocatorBoundingBoxResult box = (await page.Locator("#timeline svg").BoundingBoxAsync())!;
        for (int attempt = 0; attempt < 100; attempt++)
        {
            await page.Mouse.ClickAsync(box.X + box.Width - 1, box.Y + (box.Height / 2));
            if (await page.Locator("#moment").TextContentAsync() != strings.Get("moment.none"))
            {
                break;
            }
        }

        await Expect(page.Locator("#log .linked")).ToHaveCountAsync(1);
        await Expect(page.Locator("#mode")).ToHaveTextAsync(strings.Get("mode.paused"));
    }
}
