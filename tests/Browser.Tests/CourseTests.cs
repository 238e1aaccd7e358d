using Microsoft.Playwright;
using Reactor.Learn;
using Reactor.Testing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>
/// Each page of the course in a real browser: both languages, nothing from another machine, no
/// error in the console, every picture loaded. With REACTOR_SCREENSHOTS=1 it also writes the pages
/// as pictures into a temporary folder, light and dark.
/// </summary>
[TestFixture]
[Category("External")]
public sealed class CourseTests
{
    private static readonly string[] s_languages = ["en", "zh-CN"];

    private Chromium _chromium = null!;
    private DocsServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _chromium = await Chromium.StartAsync();
        _server = new DocsServer(RepositoryFolder.Path, port: 0, Language.English);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _chromium.DisposeAsync();
        _server.Dispose();
    }

    [SetUp]
    public void Forget()
    {
        _chromium.Foreign.Clear();
        _chromium.Errors.Clear();
    }

    [TearDown]
    public async Task No_request_left_the_machine_and_nothing_failed()
    {
        await _chromium.CloseAllAsync();
        Assert.That(_chromium.Foreign, Is.Empty);
        Assert.That(_chromium.Errors, Is.Empty);
    }

    [TestCaseSource(nameof(s_languages))]
    public async Task Every_page_opens_with_its_pictures(string language)
    {
        IPage page = await OpenAsync("docs/lessons/glossary.md", ColorScheme.Light);
        foreach (string path in Pages(language))
        {
            IResponse? answer = await page.GotoAsync(_server.Url + path);
            Assert.That(answer!.Status, Is.EqualTo(200), path);
            await Expect(page.Locator("html")).ToHaveAttributeAsync(
                "lang", language == "en" ? "en" : "zh-Hans");
            await Expect(page.Locator("h1")).ToHaveCountAsync(1);
            await Expect(page.Locator("nav .lang")).ToHaveCountAsync(1);
            int broken = await page.Locator("img").EvaluateAllAsync<int>(
                "all => all.filter(one => !one.complete || one.naturalWidth === 0).length");
            Assert.That(broken, Is.Zero, $"pictures of {path}");
            bool isWide = await page.EvaluateAsync<bool>(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth");
            Assert.That(isWide, Is.False, $"{path} is wider than the window");
        }
    }

    [Test]
    public async Task The_switch_of_the_language_leads_to_the_same_page_and_back()
    {
        IPage page = await OpenAsync("", ColorScheme.Light);
        await Expect(page).ToHaveURLAsync($"{_server.Url}docs/lessons/en/README.md");
        await page.Locator("nav .lang").ClickAsync();
        await Expect(page).ToHaveURLAsync($"{_server.Url}docs/lessons/zh-CN/README.md");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
        await page.Locator("main table a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync($"{_server.Url}docs/lessons/zh-CN/01-blocking.md");
        await page.Locator("nav .lang").ClickAsync();
        await Expect(page).ToHaveURLAsync($"{_server.Url}docs/lessons/en/01-blocking.md");
    }

    [Test]
    public async Task A_link_to_a_type_of_the_library_opens_its_source()
    {
        IPage page = await OpenAsync("docs/lessons/en/05-callbacks.md", ColorScheme.Light);
        await page.Locator("a[href$='Scheduling/LoopWork.cs']").First.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("src/Reactor/Scheduling/LoopWork.cs");
        await Expect(page.Locator("pre .k").First).ToBeVisibleAsync();
    }

    [TestCase(ColorScheme.Light, "rgb(255, 255, 255)")]
    [TestCase(ColorScheme.Dark, "rgb(18, 22, 28)")]
    public async Task Pages_follow_light_and_dark(ColorScheme colours, string ground)
    {
        IPage page = await OpenAsync("docs/lessons/en/01-blocking.md", colours);
        Assert.That(
            await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"),
            Is.EqualTo(ground));
        if (Environment.GetEnvironmentVariable("REACTOR_SCREENSHOTS") == "1")
        {
            string folder = Directory.CreateTempSubdirectory("course-pages-").FullName;
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, $"page-{colours}.png"),
                FullPage = true,
            });
            await page.Locator("img").First.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, $"picture-{colours}.png"),
            });
            TestContext.Progress.WriteLine(folder);
        }
    }

    private static IEnumerable<string> Pages(string language)
    {
        string folder = $"docs/lessons/{language}";
        return Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, folder), "*.md")
            .Select(path => $"{folder}/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal);
    }

    private Task<IPage> OpenAsync(string path, ColorScheme colours) =>
        _chromium.OpenAsync(_server.Url + path, colours);
}
