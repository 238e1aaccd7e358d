namespace Reactor.Http.Tests.Client;

/// <summary>Which fields a request may have.</summary>
public sealed class ClientHeadersTests
{
    [Test]
    public void Fields_are_added_set_found_and_removed_without_case()
    {
        var headers = new ClientHeaders();
        headers.Add("Accept", "a");
        headers.Add("accept", "b");
        headers.Add("X", "c");
        Assert.That(headers["ACCEPT"], Is.EqualTo("a"));
        headers.Set("ACCEPT", "d");
        headers["Y"] = "e";
        Assert.Multiple(() =>
        {
            Assert.That(
                headers.Select(field => $"{field.Key}: {field.Value}"),
                Is.EqualTo(new[] { "X: c", "ACCEPT: d", "Y: e" }));
            Assert.That(headers[0], Is.EqualTo(KeyValuePair.Create("X", "c")));
            Assert.That(headers.Contains("accept"), Is.True);
            Assert.That(headers.Contains("Accept-Encoding"), Is.False);
            Assert.That(headers["none"], Is.Null);
            Assert.That(headers.Remove("x"), Is.EqualTo(1));
            Assert.That(headers.Remove("x"), Is.Zero);
        });
        headers["Y"] = null;
        Assert.That(headers.Count, Is.EqualTo(1));
    }

    [TestCase("Connection", "close")]
    [TestCase("content-length", "1")]
    [TestCase("Keep-Alive", "1")]
    [TestCase("Proxy-Connection", "close")]
    [TestCase("TE", "trailers")]
    [TestCase("Trailer", "X")]
    [TestCase("Transfer-Encoding", "chunked")]
    [TestCase("Upgrade", "h2c")]
    [TestCase("Expect", "100-continue")]
    [TestCase("proxy-authorization", "Basic x")]
    [TestCase("", "x")]
    [TestCase("a b", "x")]
    [TestCase("a:", "x")]
    [TestCase("a\r\nb", "x")]
    [TestCase("X", "a\r\nY: b")]
    [TestCase("X", "a\nb")]
    [TestCase("X", "a\0")]
    [TestCase("X", "\u0100")]
    [TestCase("Host", "")]
    [TestCase("Host", "a/b")]
    [TestCase("Host", "a, b")]
    [TestCase("Host", "u@h")]
    [TestCase("Host", "h:99999")]
    public void A_field_that_the_client_sets_or_that_is_invalid_is_refused(
        string name, string value)
    {
        var headers = new ClientHeaders();
        Assert.Multiple(() =>
        {
            Assert.That(() => headers.Add(name, value), Throws.ArgumentException);
            Assert.That(() => headers.Set(name, value), Throws.ArgumentException);
            Assert.That(() => headers[name] = value, Throws.ArgumentException);
            Assert.That(headers.Count, Is.Zero);
        });
    }

    [TestCase("Authorization", "x", "y")]
    [TestCase("Content-Type", "a/b", "c/d")]
    [TestCase("Cookie", "a=b", "c=d")]
    [TestCase("Host", "a", "[::1]:80")]
    [TestCase("User-Agent", "a", "b")]
    public void A_field_that_stands_once_is_not_added_twice(string name, string one, string two)
    {
        var headers = new ClientHeaders();
        headers.Add(name, one);
        Assert.That(() => headers.Add(name.ToUpperInvariant(), two), Throws.ArgumentException);
        headers.Set(name, two);
        Assert.That(headers[name], Is.EqualTo(two));
    }

    [Test]
    public void A_refused_value_leaves_the_old_one()
    {
        var headers = new ClientHeaders();
        headers.Add("X", "a");
        Assert.That(() => headers.Set("X", "b\r\n"), Throws.ArgumentException);
        Assert.That(headers["X"], Is.EqualTo("a"));
    }

    [Test]
    public void Defaults_are_added_where_their_names_are_missing()
    {
        var headers = new ClientHeaders();
        headers.Add("a", "own");
        var defaults = new ClientHeaders();
        defaults.Add("A", "default");
        defaults.Add("B", "1");
        defaults.Add("B", "2");
        headers.AddMissing(defaults);
        Assert.That(
            headers.Select(field => $"{field.Key}: {field.Value}"),
            Is.EqualTo(new[] { "a: own", "B: 1", "B: 2" }));
    }
}
