using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Every field that the client writes itself, when the request or the session has it as well: what
/// is on the wire then, directly and through a proxy.
/// </summary>
public sealed class ClientFieldsTests
{
    private const string Answer =
        "HTTP/1.1 204 No Content\r\nSet-Cookie: a=jar\r\nSet-Cookie: b=jar\r\n\r\n";

    // The fields of a test, then all lines of these names on the wire, in order; null: refused.
    private static readonly (string Fields, string? Sent)[] s_table =
    [
        // Without any, the client's own.
        ("", "Host: 127.0.0.1:10000|Accept: */*|Cookie: a=jar; b=jar|Content-Type: text/plain"),

        // Replaced.
        ("Accept: a/b|accept: c/d", "Accept: a/b|accept: c/d"),
        ("USER-AGENT: x", "USER-AGENT: x"),
        ("user-agent: ", "user-agent: "),
        ("content-type: a/b", "content-type: a/b"),
        ("host: 127.0.0.1:10000", "Host: 127.0.0.1:10000"),
        ("Authorization: Basic x", "Authorization: Basic x"),

        // Merged: by the names of the cookies, which have a case.
        ("cookie: c=own", "Cookie: c=own; a=jar; b=jar"),
        ("Cookie: a=own", "Cookie: a=own; b=jar"),
        ("Cookie: c=own;b=own ; A=own", "Cookie: c=own;b=own ; A=own; a=jar"),
        ("Cookie: b=own; a=own", "Cookie: b=own; a=own"),
        ("Cookie: ", "Cookie: a=jar; b=jar"), // RFC 6265 4.2.1: there is no empty pair
        ("Cookie: c=own;", "Cookie: c=own; a=jar; b=jar"),

        // Refused: they follow from how the request is sent.
        ("Connection: close", null), ("connection: TE", null), ("Keep-Alive: 1", null),
        ("Content-Length: 4", null), ("Transfer-Encoding: chunked", null),
        ("TE: trailers", null), ("Trailer: X", null), ("Upgrade: h2c", null),
        ("Expect: 100-continue", null), ("Proxy-Connection: close", null),
        ("Proxy-Authorization: Basic x", null),
    ];

    private static readonly string[] s_proxied = ["Proxy-Authorization: Basic dTpw"];

    [Test]
    public void A_field_that_the_client_writes_too_is_replaced_merged_or_refused(
        [Values] bool isOfSession, [Values] bool isProxied)
    {
        foreach ((string fields, string? sent) in s_table)
        {
            var headers = new ClientHeaders();
            if (sent is null)
            {
                string name = fields.Split(':')[0];
                Assert.That(
                    () => Add(headers, fields),
                    Throws.ArgumentException.With.Message.StartWith(name), fields);
                continue;
            }

            Add(headers, fields);
            string[] lines = HeadOf(headers, isOfSession, isProxied).Split("\r\n");
            HashSet<string> names = new(
                sent.Split('|').Select(NameOf), StringComparer.OrdinalIgnoreCase);
            Assert.Multiple(() =>
            {
                Assert.That(lines[1], Is.EqualTo("Host: 127.0.0.1:10000"), "RFC 9110 7.2: first");
                Assert.That(
                    lines.Skip(1).Where(line => names.Contains(NameOf(line))),
                    Is.EqualTo(sent.Split('|')), fields);
                Assert.That(
                    lines.Where(line => NameOf(line) == "Proxy-Authorization"),
                    Is.EqualTo(isProxied ? s_proxied : []));
                Assert.That(
                    lines.Skip(1).GroupBy(NameOf, StringComparer.OrdinalIgnoreCase)
                        .Where(group => group.Key is not ("Accept" or "") && group.Count() > 1),
                    Is.Empty);
            });
        }
    }

    [Test]
    public void Without_a_proxy_host_may_be_another_than_that_of_the_url()
    {
        string head = HeadOf(new() { { "host", "virtual:1" } }, false, isProxied: false);
        Assert.That(head, Does.StartWith("POST / HTTP/1.1\r\nHost: virtual:1\r\n"));
        Assert.That(head, Does.Not.Contain("127.0.0.1"));
    }

    [Test]
    public void The_fields_of_the_request_replace_those_of_the_session_by_name()
    {
        var heads = new List<string>();
        using ClientWorld world = Record(heads, new ClientOptions
        {
            DefaultHeaders = { { "Accept", "a/a" }, { "Accept", "b/b" }, { "X", "1" } },
        });
        world.Ask(new("GET", "http://127.0.0.1:10000/") { Headers = { { "ACCEPT", "c/c" } } });
        Assert.That(heads[0], Does.Contain("\r\nACCEPT: c/c\r\nX: 1\r\n"));
        Assert.That(heads[0], Does.Not.Contain("a/a").And.Not.Contain("b/b"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_form_keeps_its_own_type_which_names_the_boundary(bool isOfSession)
    {
        var form = new ClientMultipart();
        form.Add("a", "b");
        Assert.That(
            () => HeadOf(new() { { "Content-Type", "multipart/x" } }, isOfSession, false, form),
            Throws.ArgumentException.With.Message.Contains("boundary"));
        Assert.That(
            HeadOf(new() { { "Content-Type", form.ContentType } }, isOfSession, false, form),
            Does.Contain($"\r\nContent-Type: {form.ContentType}\r\n"));
    }

    // The head of the second request: the first has set the cookies.
    private static string HeadOf(
        ClientHeaders headers, bool isOfSession, bool isProxied, ClientContent? content = null)
    {
        var heads = new List<string>();
        using ClientWorld world = Record(heads, new ClientOptions
        {
            DefaultHeaders = isOfSession ? headers : new(),
            Proxy = isProxied
                ? new ClientProxy("http://127.0.0.1:10000") { UserName = "u", Password = "p" }
                : null,
        });
        for (int i = 0; i < 2; i++)
        {
            var request = new ClientRequest("POST", "http://127.0.0.1:10000/")
            {
                Content = content ?? ClientContent.Text("text", "text/plain"),
            };
            if (!isOfSession)
            {
                request.Headers.AddMissing(headers);
            }

            Assert.That(world.Ask(request), Is.EqualTo("204 "));
        }

        return heads[1];
    }

    private static ClientWorld Record(List<string> heads, ClientOptions options)
    {
        var world = new ClientWorld(options);

        // At the first port that the network of a fresh driver picks.
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                heads.Add(head);
                await connection.ReadExactlyAsync(LengthOf(head));
                await RawPeer.SendAsync(connection, Answer);
            }
        });
        Assert.That(url, Is.EqualTo("http://127.0.0.1:10000"));
        return world;
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(static line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))
        .Sum(static line => int.Parse(line["Content-Length: ".Length..], null));

    private static string NameOf(string line) => line.Split(':')[0];

    private static void Add(ClientHeaders headers, string fields)
    {
        foreach (string field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = field.Split(':', 2);
            headers.Add(parts[0], parts[1].TrimStart());
        }
    }
}
