using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>What holds for a jar whatever servers send to it.</summary>
public sealed class CookieJarPropertyTests
{
    private static readonly string[] s_hosts =
    [
        "example.com", "www.example.com", "a.www.example.com", "badexample.com", "example.org",
        "localhost", "com", "127.0.0.1", "127.0.0.2", "[::1]", "co.uk",
    ];

    private static readonly string[] s_paths = ["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c", "/%61"];

    private static readonly string[] s_pieces =
    [
        "Domain=", "Path=", "Max-Age=", "Expires=", "Secure", "HttpOnly", "SameSite=None", "=", ";",
        " ", "\t", ".", "..", "/", "-", "0", "1", "99999999999999999999", "Sun, 06 Nov 1994",
        "08:49:37", "\u00FF", "\"", "__Host-", "__Secure-", "example.com", ".example.com", "com",
        "localhost", "127.0.0.1", "a", "\0", "\r\n", "\u0100",
    ];

    [Test]
    public void A_cookie_goes_only_to_the_host_and_path_that_it_is_for()
    {
        Random random = TestSeed.NewRandom();
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var jar = new CookieJar(() => now);
        List<(string Host, string Domain, string Path)> given = [];
        for (int i = 0; i < 2000; i++)
        {
            string host = Pick(random, s_hosts);
            string domain = Pick(random, ["", .. s_hosts]);
            string path = Pick(random, s_paths);
            jar.Set(
                new Uri($"http://{host}{Pick(random, s_paths)}"),
                $"c{i}=v; Path={path}" + (domain == "" ? "" : $"; Domain={domain}"));
            given.Add((host, domain, path));
        }

        foreach (string host in s_hosts)
        {
            foreach (string path in s_paths)
            {
                foreach (string sent in Names(jar.Get(new Uri($"http://{host}{path}"))))
                {
                    (string setBy, string domain, string cookiePath) = given[int.Parse(sent[1..])];
                    bool isHost = host == setBy
                        || (IsShared(domain) && IsIn(host, domain) && IsIn(setBy, domain));
                    bool isPath = path == cookiePath
                        || path.StartsWith(cookiePath.TrimEnd('/') + "/");
                    Assert.That(
                        isHost && isPath, $"{given[int.Parse(sent[1..])]} to {host}{path}");
                }
            }
        }
    }

    [Test]
    public void Garbage_never_throws_exceeds_a_bound_or_makes_a_field_that_cannot_be_sent()
    {
        Random random = TestSeed.NewRandom();
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var jar = new CookieJar(() => now);
        for (int i = 0; i < 20_000; i++)
        {
            string scheme = random.Next(2) == 0 ? "http" : "https";
            string host = random.Next(3) == 0
                ? $"h{random.Next(200)}.example.com"
                : Pick(random, s_hosts);
            var url = new Uri($"{scheme}://{host}{Pick(random, s_paths)}");
            jar.Set(url, Garbage(random));
            now += TimeSpan.FromSeconds(random.Next(2));
            string? sent = i % 10 == 0 ? jar.Get(url) : null;
            Assert.That(jar.Count, Is.LessThanOrEqualTo(CookieJar.CookiesMax));
            Assert.That(sent ?? "", Has.Length.LessThanOrEqualTo(CookieJar.HeaderBytesMax));
            Assert.That(FieldRules.IsValue(sent), Is.True);
        }
    }

    [Test]
    public void One_host_never_has_more_than_its_share()
    {
        Random random = TestSeed.NewRandom();
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var jar = new CookieJar(() => now);
        for (int i = 0; i < 1000; i++)
        {
            jar.Set(new Uri("http://www.example.com/"), $"c{random.Next(200)}=v");
            Assert.That(
                Names(jar.Get(new Uri("http://www.example.com/"))).Length,
                Is.LessThanOrEqualTo(CookieJar.HostCookiesMax));
        }

        Assert.That(jar.Count, Is.EqualTo(CookieJar.HostCookiesMax));
    }

    private static bool IsShared(string domain) =>
        domain.Contains('.') && !domain.Contains("127.");

    private static bool IsIn(string host, string domain) =>
        host == domain || host.EndsWith("." + domain);

    private static string Garbage(Random random)
    {
        string text = random.Next(4) > 0 ? $"n{random.Next(100)}=v;" : "";
        for (int i = random.Next(12); i > 0; i--)
        {
            text += Pick(random, s_pieces);
        }

        return random.Next(50) == 0 ? text + new string('x', random.Next(5000)) : text;
    }

    private static string[] Names(string? cookie) =>
        [.. (cookie ?? "").Split("; ", StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')[0])];

    private static string Pick(Random random, string[] all) => all[random.Next(all.Length)];
}
