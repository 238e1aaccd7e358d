using System.Net;
using System.Net.Sockets;
using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// Who is counted together, and that neither the number of keys nor their length has no bound.
/// </summary>
public sealed class LimiterKeysTests
{
    [TestCase("192.0.2.1", ExpectedResult = "192.0.2.1")]
    [TestCase("::ffff:192.0.2.1", ExpectedResult = "192.0.2.1")]
    [TestCase("2001:db8:1:2:3:4:5:6", ExpectedResult = "2001:db8:1:2::/64")]
    [TestCase("2001:db8:1:2:ffff:ffff:ffff:ffff", ExpectedResult = "2001:db8:1:2::/64")]
    [TestCase("2001:db8:1:3:3:4:5:6", ExpectedResult = "2001:db8:1:3::/64")]
    [TestCase("fe80::1%7", ExpectedResult = "fe80::/64")]
    [TestCase("::1", ExpectedResult = "::/64")]
    public string An_address_counts_with_its_network(string address) =>
        RateLimitOptions.NetworkOf(new IPEndPoint(IPAddress.Parse(address), 12345));

    [Test]
    public void All_clients_of_a_Unix_socket_are_one()
    {
        Assert.That(
            RateLimitOptions.NetworkOf(new UnixDomainSocketEndPoint("/run/a")),
            Is.EqualTo(RateLimitOptions.NetworkOf(new UnixDomainSocketEndPoint("/run/b"))));
        Assert.That(RateLimitOptions.NetworkOf(null), Is.EqualTo("unknown"));
    }

    [Test]
    public void There_are_never_more_keys_than_allowed()
    {
        var buckets = new TokenBuckets(1, 1_000_000, burst: 5, keysMax: 100);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.That(buckets.Take($"{i}", now(i)), Is.Zero);
            Assert.That(buckets.Count, Is.LessThanOrEqualTo(100));
        }

        Assert.That(buckets.Count, Is.EqualTo(100));

        static long now(int i) => i / 1_000;
    }

    [Test]
    public void New_keys_cannot_displace_a_client_that_is_out_of_tokens()
    {
        var buckets = new TokenBuckets(1, 1_000_000, burst: 5, keysMax: 100);
        for (int i = 0; i < 5; i++)
        {
            buckets.Take("limited", 0);
        }

        for (int i = 0; i < 100_000; i++)
        {
            buckets.Take($"{i}", 0);
        }

        Assert.That(buckets.Take("limited", 0), Is.EqualTo(1_000_000));
    }

    [Test]
    public void With_one_key_the_last_client_alone_is_remembered()
    {
        var buckets = new TokenBuckets(1, 1_000, burst: 1, keysMax: 1);
        Assert.That(buckets.Take("a", 0), Is.Zero);
        Assert.That(buckets.Take("b", 0), Is.Zero);
        Assert.That(buckets.Take("b", 0), Is.EqualTo(1_000));
        Assert.That(buckets.Take("a", 0), Is.Zero);
    }

    [Test]
    public void A_long_key_is_kept_as_its_hash_and_stays_apart_from_others()
    {
        var options = new RateLimitOptions
        {
            Requests = 1,
            Key = request => new string('k', 1_000) + request.GetHeader("X-Key"),
        };
        using var server = new ServerFixture(app =>
        {
            app.UseRateLimit(options);
            app.Get("/", request => Response.Text($"{options.KeyOf(request)!.Length}"));
        });
        RawAnswer one = server.Ask(Request("GET", "/", "X-Key: 1"));
        Assert.That(one.Text, Is.EqualTo("64")); // SHA-256 in hexadecimal
        Assert.That(server.Ask(Request("GET", "/", "X-Key: 1")).Status, Is.EqualTo(429));
        Assert.That(server.Ask(Request("GET", "/", "X-Key: 2")).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_key_of_exactly_the_limit_is_kept_and_one_beyond_is_hashed(
        [Values(128, 129)] int length)
    {
        string key = new('k', length);
        var options = new RateLimitOptions { Requests = 1, Key = _ => key };
        string? kept = null;
        using var server = new ServerFixture(app => app.Get("/", request =>
        {
            kept = options.KeyOf(request);
            return new Response();
        }));
        server.Ask(Request("GET", "/"));
        Assert.That(kept == key, Is.EqualTo(length == 128));
    }

    [Test]
    public void A_request_without_a_key_is_not_limited()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseRateLimit(new RateLimitOptions
            {
                Requests = 1,
                Key = request => request.GetHeader("X-Key"),
            });
            app.OnGet("/", "free");
        });
        for (int i = 0; i < 5; i++)
        {
            Assert.That(server.Ask(Request("GET", "/")).Status, Is.EqualTo(200));
        }
    }
}
