using System.Text.RegularExpressions;
using Inspector.Tests.Server;
using Microsoft.Playwright;
using Reactor.Inspector;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>The page of the inspector in a real browser, in both languages.</summary>
[TestFixture]
[Category("External")]
public sealed class PageTests
{
    private static readonly string[] s_languages = ["en", "zh"];

    private Chromium _chromium = null!;
    private BusyLoop _busy = null!;
    private RecordedInspector _recorded = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _chromium = await Chromium.StartAsync();
        _busy = new BusyLoop();
        _recorded = RecordedInspector.Open(Traces.OfTicks(turns: 200));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _chromium.DisposeAsync();
        _recorded.Dispose();
        _busy.Dispose();
    }

    [SetUp]
    public void Forget()
    {
        _chromium.Foreign.Clear();
        _chromium.Errors.Clear();
    }

    [TearDown]
    public async Task No_request_left_the_machine_and_no_script_failed()
    {
        await _chromium.CloseAllAsync();
        Assert.That(_chromium.Foreign, Is.Empty);
        Assert.That(_chromium.Errors, Is.Empty);
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task The_page_opens_and_follows_the_loop(string language)
    {
        IPage page = await _chromium.OpenAsync($"{_busy.Url}&lang={language}");
        InspectorStrings strings = InspectorStrings.For(language);
        await Expect(page.Locator("h1")).ToHaveTextAsync(strings.Get("title"));
        await Expect(page.Locator("#mode")).ToHaveTextAsync(strings.Get("mode.live"));
        await Expect(page.Locator("#timers-count")).Not.ToHaveTextAsync("0");
        await Expect(page.Locator("#tasks")).ToContainTextAsync("BusyLoop.cs:");
        await Expect(page.Locator("#connections")).ToContainTextAsync(
            strings.Word("state", "idle"));
        await Expect(page.Locator("#cycles")).ToContainTextAsync("alice");
        await Expect(page.Locator("#histograms .chart svg")).ToHaveCountAsync(4);
        string? turn = await page.Locator(".ring-turn").TextContentAsync();
        await Expect(page.Locator(".ring-turn")).Not.ToHaveTextAsync(turn!);
        await Expect(page.Locator("html")).ToHaveAttributeAsync(
            "lang", language == "zh" ? "zh-Hans" : "en");
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task The_next_second_is_recorded_and_opened(string language)
    {
        IPage page = await _chromium.OpenAsync($"{_busy.Url}&lang={language}");
        InspectorStrings strings = InspectorStrings.For(language);
        await page.Locator("#seconds").FillAsync("1");
        int before = _busy.World.Client.GetJson("/api/recordings")["recordings"]!.AsArray().Count;
        await page.Locator("#record").ClickAsync();
        await Expect(page.Locator("#recordings a")).ToHaveCountAsync(before + 1);
        await Expect(page.Locator("#record")).ToBeEnabledAsync();
        await page.Locator("#recordings a").Last.ClickAsync();
        await Expect(page.Locator("#mode")).ToHaveTextAsync(strings.Get("mode.recorded"));
        await page.Keyboard.PressAsync("End");
        await Expect(page.Locator("#position")).Not.ToHaveValueAsync("0");
        await Expect(page.Locator("#tasks")).ToContainTextAsync("BusyLoop.cs:");
    }

    // A second may be over before a busy browser looks: this recording lasts as long as its loop.
    [Test]
    public async Task While_it_records_it_does_not_begin_another_recording()
    {
        using var busy = new BusyLoop();
        IPage page = await _chromium.OpenAsync($"{busy.Url}&lang=en");
        await page.Locator("#seconds").FillAsync("60");
        await page.Locator("#record").ClickAsync();
        await Expect(page.Locator("#record")).ToBeDisabledAsync();
        await Expect(page.Locator("#recording")).ToContainTextAsync("s left");
        await _chromium.CloseAllAsync();
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task A_hundred_events_forward_and_back_lead_to_the_same_page(string language)
    {
        IPage page = await _chromium.OpenAsync($"{_recorded.Url}&lang={language}#event=50");
        await Expect(page.Locator("#position")).ToHaveValueAsync("50");
        string before = await page.Locator("main").InnerTextAsync();
        for (int i = 0; i < 100; i++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await Expect(page.Locator("#position")).ToHaveValueAsync("150");
        await Expect(page).ToHaveURLAsync(new Regex("#event=150$")); // written when it is idle
        Assert.That(await page.Locator("main").InnerTextAsync(), Is.Not.EqualTo(before));
        for (int i = 0; i < 100; i++)
        {
            await page.Keyboard.PressAsync("ArrowLeft");
        }

        await Expect(page.Locator("#position")).ToHaveValueAsync("50");
        Assert.That(await page.Locator("main").InnerTextAsync(), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task A_link_leads_to_its_moment(string language)
    {
        IPage first = await _chromium.OpenAsync($"{_recorded.Url}&lang={language}#event=123");
        await Expect(first.Locator("#position")).ToHaveValueAsync("123");
        await Expect(first.Locator("#event-head")).ToContainTextAsync("123");

        // The address of the page is the link.
        IPage second = await _chromium.OpenAsync(first.Url);
        await Expect(second.Locator("#position")).ToHaveValueAsync("123");
        Assert.That(
            await second.Locator("main").InnerTextAsync(),
            Is.EqualTo(await first.Locator("main").InnerTextAsync()));

        await second.EvaluateAsync("location.hash = '#event=77'");
        await Expect(second.Locator("#position")).ToHaveValueAsync("77");
    }

    [Test]
    public async Task Buttons_keys_slider_and_number_move_the_position()
    {
        IPage page = await _chromium.OpenAsync($"{_recorded.Url}&lang=en");
        ILocator position = page.Locator("#position");
        await Expect(position).ToHaveValueAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Event ›" }).ClickAsync();
        await Expect(position).ToHaveValueAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn ›" }).ClickAsync();
        await Expect(page.Locator("#event-text")).ToContainTextAsync("begins.");
        string turn = await position.InputValueAsync();
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await Expect(position).Not.ToHaveValueAsync(turn);
        await page.Keyboard.PressAsync("Home");
        await Expect(position).ToHaveValueAsync("0");
        await page.Keyboard.PressAsync("End");
        await Expect(position).ToHaveValueAsync(await position.GetAttributeAsync("max") ?? "");
        await position.FillAsync("30");
        await position.PressAsync("Enter");
        await Expect(page.Locator("#event-head")).ToContainTextAsync("30");
        await page.Locator("#timeline input").FillAsync("0");
        await Expect(position).Not.ToHaveValueAsync("30");
    }

    [Test]
    public async Task Space_pauses_the_page_and_the_loop_runs_on()
    {
        IPage page = await _chromium.OpenAsync($"{_busy.Url}&lang=en");
        await Expect(page.Locator(".ring-turn")).Not.ToHaveTextAsync("0");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator("#mode")).ToHaveTextAsync("Page paused, loop runs");
        string turn = (await page.Locator(".ring-turn").TextContentAsync())!;
        long shown = long.Parse(Regex.Replace(turn, @"\D", ""));
        _busy.World.WaitForState(state => (long)state["turn"]!["number"]! > shown + 10);
        await Expect(page.Locator(".ring-turn")).ToHaveTextAsync(turn);
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator(".ring-turn")).Not.ToHaveTextAsync(turn);
    }

    [Test]
    public async Task A_block_is_shown_while_it_lasts()
    {
        IPage page = await _chromium.OpenAsync($"{_busy.Url}&lang=en");
        await Expect(page.Locator(".ring-turn")).Not.ToHaveTextAsync("0");
        await Expect(page.Locator("#blocked")).ToBeHiddenAsync();
        _busy.Block();
        try
        {
            await Expect(page.Locator("#blocked")).ToContainTextAsync("culprit");
            await Expect(page.Locator("#blocked")).ToContainTextAsync("BusyLoop.cs:");
        }
        finally
        {
            _busy.Unblock();
        }

        await Expect(page.Locator("#blocked")).ToBeHiddenAsync();
    }

    [Test]
    public async Task Keys_open_the_help_and_change_the_language()
    {
        IPage page = await _chromium.OpenAsync($"{_recorded.Url}&lang=en#event=40");
        await Expect(page.Locator("#position")).ToHaveValueAsync("40");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
        await Expect(page.Locator("#help")).ToContainTextAsync("one pass of the loop");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#help")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("l");
        await Expect(page.Locator("#turn-title")).ToHaveTextAsync("一轮");
        await Expect(page).ToHaveURLAsync(new Regex("lang=zh.*#event=40$"));
        await page.Locator("#language").ClickAsync();
        await Expect(page.Locator("#turn-title")).ToHaveTextAsync("The turn");
    }

    [Test]
    public async Task Without_the_token_the_server_says_what_to_do()
    {
        IPage page = await _chromium.OpenAsync(
            $"http://127.0.0.1:{_recorded.Port}/?lang=en");
        await Expect(page.Locator("body")).ToContainTextAsync("Open the address");
        _chromium.Errors.Clear(); // the browser's own line about the status 403
    }
}
