using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>Forms as Chromium sends them: FormData, and URLSearchParams.</summary>
[TestFixture]
[Category("External")]
public sealed class FormTests
{
    private const string SendFiles = """
        async () => {
          const form = new FormData();
          form.append('plain', 'a value\nof two lines');
          form.append('na"me\nü', '€');
          form.append('file', new File(['one'], '中 "x".txt', { type: 'text/plain' }));
          form.append('file', new Blob(['two']));
          form.append('none', new File([], ''));
          const response = await fetch('/form', { method: 'POST', body: form });
          return response.status + '\n' + await response.text();
        }
        """;

    private const string SendNothing = """
        async () => {
          const response = await fetch('/form', { method: 'POST', body: new FormData() });
          return response.status + '\n' + await response.text();
        }
        """;

    private const string SendPairs = """
        async () => {
          const pairs = new URLSearchParams([['a b', '1&2'], ['ü', '%+'], ['e', '']]);
          const response = await fetch('/form', { method: 'POST', body: pairs });
          return response.status + '\n' + await response.text();
        }
        """;

    private Chromium _chromium = null!;
    private FormServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _chromium = await Chromium.StartAsync();
        _server = new FormServer();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _chromium.DisposeAsync();
        _server.Dispose();
    }

    [TearDown]
    public Task Close() => _chromium.CloseAllAsync();

    // Names and values have CRLF for each line end; a Blob is called "blob"; a file that was not
    // chosen has no name and no content.
    [TestCase(
        SendFiles,
        "200\nplain=a value\r\nof two lines\nna\"me\r\n\u00FC=\u20AC\n"
        + "file: \u4E2D \"x\".txt, text/plain, one\n"
        + "file: blob, application/octet-stream, two\n")]
    [TestCase(SendNothing, "200\n")]
    [TestCase(SendPairs, "200\na b=1&2\n\u00FC=%+\ne=\n")]
    public async Task A_form_of_a_browser_is_read_as_it_was_made(string script, string told)
    {
        IPage page = await _chromium.OpenAsync(_server.Url);
        Assert.That(await page.EvaluateAsync<string>(script), Is.EqualTo(told));
        Assert.That(_chromium.Errors, Is.Empty);
    }
}
