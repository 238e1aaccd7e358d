// The pages are served from the repository: what is found, what is not, and the fields of every
// answer.

using System.Net;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Docs;

[TestFixture]
public sealed class DocsServerTests
{
    private DocsServer _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = new DocsServer(RepositoryFolder.Path, port: 0, Language.Chinese);
        _client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(_server.Url),
        };
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [TestCase("", "/docs/lessons/zh-CN/README.md")]
    [TestCase("docs/lessons/en/", "/docs/lessons/en/README.md")]
    [TestCase("docs", "/docs/")]
    public async Task An_address_of_a_folder_leads_on(string path, string target)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(answer.Headers.Location!.ToString(), Is.EqualTo(target));
    }

    [TestCase("docs/lessons/glossary.md", "<td>排到下一轮执行（<code>call_soon</code>）</td>")]
    [TestCase("docs/lessons/en/README.md", "lang=\"zh-Hans\" hreflang=\"zh-Hans\" "
        + "href=\"/docs/lessons/zh-CN/README.md\">中文</a>")]
    [TestCase("docs/lessons/zh-CN/README.md", "<html lang=\"zh-Hans\">")]
    [TestCase("README.md", "href=\"/README.zh-CN.md\"")]
    [TestCase("src/Reactor/EventLoop.cs", "<span class=\"k\">namespace</span> Reactor;")]
    [TestCase("docs/inspector/", "<a href=\"/docs/inspector/live.png\">live.png</a>")]
    public async Task A_page_is_shown_with_the_policy_of_its_content(string path, string text)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(text));
        Assert.That(
            answer.Headers.GetValues("Content-Security-Policy").Single(),
            Does.StartWith("default-src 'self'"));
    }

    [Test]
    public void Lines_of_Chinese_are_joined_without_a_space()
    {
        string page = DocsPage.OfMarkdown("中文，\n中文 a\nb\n中文\n", "a.md", other: null);
        Assert.That(page, Does.Contain("<p>中文，中文 a\nb\n中文</p>"));
    }

    [Test]
    public async Task A_picture_is_an_image_that_loads_nothing()
    {
        using HttpResponseMessage answer = await _client.GetAsync("docs/pictures/lanes.svg");
        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("image/svg+xml"));
        Assert.That(
            answer.Headers.GetValues("Content-Security-Policy").Single(),
            Is.EqualTo("default-src 'none'; style-src 'unsafe-inline'"));
    }

    [TestCase("docs/nothing.md")]
    [TestCase(".git/config")]
    [TestCase(".gitignore")]
    [TestCase("etc/passwd")]
    [TestCase("docs/%2e%2e/.git/config")]
    [TestCase("docs/..%5c.git")]
    [TestCase("tools/learn/bin/x.cs")]
    [TestCase("Reactor.sln")]
    public async Task What_is_no_page_is_not_found(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);
        Assert.That(
            answer.StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("[core]"));
    }

    [Test]
    public async Task A_missing_page_says_so_in_the_language_of_the_user()
    {
        using HttpResponseMessage answer = await _client.GetAsync("docs/nothing.md");
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("没有这个页面。"));
    }

    [Test]
    public async Task Another_host_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "docs/lessons/glossary.md");
        request.Headers.Host = "example.org";
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
}
