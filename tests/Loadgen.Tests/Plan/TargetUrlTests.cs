using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>What is a URL, and what a request is sent for it.</summary>
public class TargetUrlTests
{
    [TestCase("http://localhost", "localhost", 80, "localhost", "/")]
    [TestCase("http://localhost:80/", "localhost", 80, "localhost", "/")]
    [TestCase("HTTP://a.example:8080?q=1", "a.example", 8080, "a.example:8080", "/?q=1")]
    [TestCase("http://127.0.0.1:1/a/../b%2f?x#y", "127.0.0.1", 1, "127.0.0.1:1", "/a/../b%2f?x")]
    [TestCase("http://[::1]:8000/x", "::1", 8000, "[::1]:8000", "/x")]
    public void A_url_is_taken_apart_and_its_target_left_as_it_is(
        string text, string host, int port, string authority, string target)
    {
        Assert.That(TargetUrl.TryParse(text, out TargetUrl? url, out _));
        Assert.That(url, Is.EqualTo(new TargetUrl(text, host, port, authority, target)));
    }

    [TestCase("https://localhost/", "https")]
    [TestCase("localhost:8080", "must be http://")]
    [TestCase("http://", "must be http://")]
    [TestCase("http://user@host/", "must be http://")]
    [TestCase("http://host:0/", "must be http://")]
    [TestCase("http://host:99999/", "must be http://")]
    [TestCase("http://host/a b", "percent-encoded")]
    [TestCase("http://host/ü", "percent-encoded")]
    public void What_is_no_url_is_refused_with_what_to_write(string text, string hint)
    {
        Assert.That(TargetUrl.TryParse(text, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain(hint));
    }
}
