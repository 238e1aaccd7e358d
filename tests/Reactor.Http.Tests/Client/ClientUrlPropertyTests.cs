using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Whatever text is a URL, a Location or the address of a proxy: it works, also as a <see
/// cref="Uri"/> of the response and for the jar, or the documented exception is thrown.
/// </summary>
public sealed class ClientUrlPropertyTests
{
    private static readonly string[] s_pieces =
    [
        "http", "HTTP", "https", "ftp", ":", "/", "//", "://", "?", "#", "@", "[", "]", "[::1]",
        "[::ffff:1.2.3.4]", "[fe80::1%25a]", "\\", "%", "%2F", "%00", "%zz", ".", "..", "/../",
        "-", "_", "9", "1", "a", "A", "x", "0x7f", "127.0.0.1", "127.1", "256", "65535", "65536",
        "xn--", "xn--a", "xn--bcher-kva", "ä", "ß", "。", "例", "💡", "\uD800", "\uDC00", "\u200D",
        "\u00AD", "\u0130", "\uFFFD", "\uFFFF", " ", "\t", "\r\n", "\0", "\u007F", "\u0085", "|",
        "{", "}", "<", ">", "\"", "&", "=", ";", ",", "+", "~", "*", "user:secret", "localhost",
        "0123456789012345678901234567890123456789012345678901234567890123",
    ];

    private static readonly ClientUrl s_base = ClientUrl.Parse("http://h/a/b?q#f", null);

    [Test]
    public void A_url_works_or_is_refused()
    {
        Random random = TestSeed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            string text = Make(random);
            Uri? start = random.Next(2) == 0 ? null : s_base.ToUri();
            Check(text, () => ClientUrl.Parse(text, start), typeof(ClientUrlException));
        }
    }

    [Test]
    public void A_location_is_followed_or_refused()
    {
        Random random = TestSeed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            string text = Make(random);
            Check(
                text, () => Redirects.Next(new("GET", "/"), s_base, 302, text)!.Url,
                typeof(ClientRedirectException));
        }
    }

    [Test]
    public void An_address_of_a_proxy_works_or_is_refused()
    {
        Random random = TestSeed.NewRandom();
        for (int i = 0; i < 50_000; i++)
        {
            string text = Make(random);
            Check(
                text,
                () =>
                {
                    var proxy = new ClientProxy(text) { UserName = "u" };
                    Assert.That(proxy.ToString(), Does.EndWith(" (credentials)"));
                    return ClientUrl.Parse($"http://{proxy.Origin.Authority}/", null);
                },
                typeof(ClientUrlException));
            Check(
                text,
                () =>
                {
                    var proxy = new ClientProxy("http://p") { ExcludedHosts = [text] };
                    Assert.That(proxy.Serves(s_base.Origin), Is.EqualTo(text != "h"));
                    return s_base;
                },
                typeof(ClientUrlException));
        }
    }

    // Every host of up to five of these characters: which of them a Uri takes has no simple rule.
    [Test]
    public void A_short_host_works_or_is_refused()
    {
        const string Characters = "a1-_.";
        for (int length = 1, count = Characters.Length; length <= 5; length++)
        {
            for (int number = 0; number < count; number++)
            {
                char[] host = new char[length];
                for (int i = 0, rest = number; i < length; i++, rest /= Characters.Length)
                {
                    host[i] = Characters[rest % Characters.Length];
                }

                string text = $"http://{new string(host)}:81/b?c#d";
                Check(text, () => ClientUrl.Parse(text, null), typeof(ClientUrlException));
            }

            count *= Characters.Length;
        }
    }

    private static string Make(Random random)
    {
        string text = random.Next(4) == 0 ? "" : "http://";
        for (int i = random.Next(1, 9); i > 0; i--)
        {
            text += s_pieces[random.Next(s_pieces.Length)];
        }

        return text;
    }

    private static void Check(string text, Func<ClientUrl> parse, Type refusal)
    {
        string shown = string.Concat(text.Select(one => one is > ' ' and < '\x7F'
            ? $"{one}" : $"\\u{(int)one:X4}"));
        try
        {
            ClientUrl url = parse();
            Uri uri = url.ToUri();
            var jar = new CookieJar(() => DateTimeOffset.UnixEpoch);
            jar.Set(uri, "a=b; Path=/");
            Assert.Multiple(() =>
            {
                Assert.That(jar.Get(uri), Is.EqualTo("a=b"), shown);
                Assert.That(uri.OriginalString, Is.EqualTo(url.ToString()), shown);
                Assert.That(uri.Port, Is.EqualTo(url.Origin.Port), shown);
                Assert.That(uri.Host.Trim('[', ']'), Is.EqualTo(url.Origin.Host), shown);
                Assert.That(
                    ClientUrl.Parse(url.ToString(), null).ToString(), Is.EqualTo(url.ToString()),
                    shown);
            });
        }
        catch (Exception error) when (error.GetType() == refusal)
        {
        }
        catch (Exception error) when (error is not AssertionException)
        {
            Assert.Fail($"{shown}: {error}");
        }
    }
}
