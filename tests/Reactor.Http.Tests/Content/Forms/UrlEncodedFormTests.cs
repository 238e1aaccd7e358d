using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>
/// Forms in application/x-www-form-urlencoded (WHATWG URL 5): decoded once, bounded, checked.
/// </summary>
public class UrlEncodedFormTests
{
    [TestCase("", "")]
    [TestCase("a=1&b=2&a=3", "a=1 b=2 a=3")]
    [TestCase("&a&&b=&=c&d==e", "a= b= =c d==e")]
    [TestCase("a=1+2&%61%2B=%26%3D", "a=1 2 a+=&=")]
    [TestCase("a=%252541", "a=%2541")]
    [TestCase("%e2%82%ac=%0D%0A;", "\u20AC=\r\n;")]
    [TestCase("a=\xC3\xBC", "a=\u00FC", Description = "curl -d escapes nothing")]
    public void A_form_is_pairs_in_their_order_decoded_once(string body, string expected)
    {
        foreach (string request in new[]
        {
            Post(UrlEncoded, body), PostChunked(UrlEncoded, body, 1),
            Post("APPLICATION/X-WWW-form-urlencoded ; charset=\"UTF-8\"", body),
        })
        {
            string? seen = null;
            RawAnswer answer = Serve(request, async one =>
            {
                FormValues form = await one.FormAsync();
                seen = string.Join(' ', form.Select(pair => $"{pair.Key}={pair.Value}"));
                Assert.That(form.Files, Is.Empty);
                Assert.That(await one.FormAsync(), Is.SameAs(form));
                return new Response();
            });
            Assert.That((answer.Status, seen), Is.EqualTo((200, expected)));
        }
    }

    [TestCase("%")]
    [TestCase("a=%4")]
    [TestCase("%zz=1")]
    [TestCase("a=%+1")]
    [TestCase("a=1%")]
    [TestCase("a=%00")]
    [TestCase("a=\0")]
    [TestCase("a=%ff")]
    [TestCase("a=\xFF")]
    [TestCase("a=%c0%af")]
    [TestCase("a=%ed%a0%80")]
    public void What_cannot_be_decoded_is_400_and_the_connection_goes_on(string body) =>
        AssertStatus(Post(UrlEncoded, body), 400);

    [TestCase("text/plain")]
    [TestCase("application/json")]
    [TestCase("multipart/mixed; boundary=b")]
    [TestCase("application/x-www-form-urlencoded2")]
    [TestCase("application/x-www-form-urlencoded; charset=iso-8859-1")]
    [TestCase("multipart/form-data; boundary=b; charset=utf-16")]
    [TestCase("")]
    public void Another_type_or_charset_is_415_before_the_body_is_read(string type)
    {
        using var server = new ServerFixture(app => app.Post("/", ReadForm));
        HttpPeer peer = server.Connect();
        string field = type.Length == 0 ? "" : $"Content-Type: {type}\r\n";
        peer.Send($"POST / HTTP/1.1\r\nHost: test\r\n{field}Expect: 100-continue\r\n"
            + "Content-Length: 3\r\n\r\n");
        server.Settle();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(415), "and there was no 100");
    }

    [TestCase(1024, 200)]
    [TestCase(1025, 400)]
    public void A_form_has_at_most_1024_keys(int keys, int status) => AssertStatus(
        Post(UrlEncoded, string.Join('&', Enumerable.Repeat("a=1", keys))), status);

    [TestCase(1 << 20, 200)]
    [TestCase((1 << 20) + 1, 413)]
    public void A_form_has_at_most_a_mebibyte_also_on_a_route_for_more(int bytes, int status)
    {
        string body = "a=".PadRight(bytes, 'x');
        var options = new RouteOptions { BodyBytesMax = 1 << 30 };
        Assert.That(
            Serve(Post(UrlEncoded, body), ReadForm, options).Status, Is.EqualTo(status));
        Assert.That(
            Serve(PostChunked(UrlEncoded, body, 65536), ReadForm, options).Status,
            Is.EqualTo(status));
    }

    [Test]
    public void A_form_longer_than_its_route_takes_is_413() => Assert.That(
        Serve(Post(UrlEncoded, "a=123456789"), ReadForm, new RouteOptions { BodyBytesMax = 10 })
            .Status,
        Is.EqualTo(413));

    [TestCase(10, 200)]
    [TestCase(11, 413)]
    public void A_form_that_a_middleware_has_read_is_taken_from_memory(int bytes, int status)
    {
        string body = "a=".PadRight(bytes, 'x');
        foreach (string request in new[] { Post(UrlEncoded, body), PostChunked(UrlEncoded, body) })
        {
            RawAnswer answer = Serve(request, async one =>
            {
                await one.ReadAsync();
                FormValues form = await one.FormAsync(new FormOptions { FieldBytesMax = 10 });
                return Response.Text(form["a"] ?? "");
            });
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.Text == body[2..], Is.EqualTo(status == 200));
        }
    }

    [Test]
    public void The_names_have_their_first_value_and_all_of_them()
    {
        FormValues? form = null;
        Serve(Post(UrlEncoded, "a=1&b&a=2"), async request =>
        {
            form = await request.FormAsync();
            return new Response();
        });

        Assert.That((form!["a"], form["b"], form["A"]), Is.EqualTo(("1", "", (string?)null)));
        Assert.That(form.GetAll("a"), Is.EqualTo(new[] { "1", "2" }));
        Assert.That((form.Count, form[1].Key), Is.EqualTo((3, "b")));
    }

    [TestCase("n=42", 42, 200)]
    [TestCase("m=1", 7, 200)]
    [TestCase("n=4x", 0, 400)]
    public void A_field_is_read_as_a_type(string body, int expected, int status)
    {
        int? number = null;
        RawAnswer answer = Serve(Post(UrlEncoded, body), async request =>
        {
            number = (await request.FormAsync()).Get("n", 7);
            return new Response();
        });
        Assert.That((answer.Status, number ?? 0), Is.EqualTo((status, expected)));
        Assert.That(answer.Text.Contains("form field", StringComparison.Ordinal),
            Is.EqualTo(status == 400), "the message names the kind of the value");
    }

    [Test]
    public void A_form_that_is_cut_off_fails_the_read()
    {
        using var server = new ServerFixture(app => app.Post("/", ReadForm));
        HttpPeer peer = server.Connect();
        peer.Send(Post(UrlEncoded, "a=123")[..^1]);
        server.Settle();
        peer.End();
        server.Settle();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(400));
        Assert.That(peer.IsEnded);
    }

    private static async Coroutine<Response> ReadForm(Request request)
    {
        await request.FormAsync();
        return new Response();
    }

    private static void AssertStatus(string request, int status)
    {
        using var server = new ServerFixture(app => app.Post("/", ReadForm));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(request).Status, Is.EqualTo(status));
        Assert.That(
            peer.Ask(Post(UrlEncoded, "a=1")).Status, Is.EqualTo(200), "the connection goes on");
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
    }
}
