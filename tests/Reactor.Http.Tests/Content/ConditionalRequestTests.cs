using System.Text;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>304 and 412 on the wire (RFC 9110 13, 15.4.5, 15.5.13).</summary>
public sealed class ConditionalRequestTests
{
    private const string Date = "Tue, 01 Dec 2026 11:00:00 GMT";

    private static readonly DateTimeOffset s_modified = new(2026, 12, 1, 11, 0, 0, TimeSpan.Zero);

    [TestCase("GET", "If-None-Match: \"7\"", 304)]
    [TestCase("HEAD", "If-None-Match: W/\"7\"", 304)]
    [TestCase("GET", "If-None-Match: \"8\"", 200)]
    [TestCase("GET", "If-Match: \"7\"", 200)]
    [TestCase("GET", "If-Match: W/\"7\"", 412)]
    [TestCase("PUT", "If-Match: \"7\"", 200)]
    [TestCase("PUT", "If-Match: \"6\"", 412)]
    [TestCase("PUT", "If-None-Match: *", 412)]
    [TestCase("GET", "If-Modified-Since: " + Date, 304)]
    [TestCase("PUT", "If-Modified-Since: " + Date, 200)]
    [TestCase("PUT", "If-Unmodified-Since: Tue, 01 Dec 2026 10:59:59 GMT", 412)]
    public void H82_a_handler_checks_before_it_does_its_work(
        string method, string field, int status)
    {
        int works = 0;
        string route = method == "PUT" ? "PUT" : "GET";
        using var server = new ServerFixture(app => app.On(route, "/", r =>
        {
            var tag = new ETag("7");
            if (r.CheckPreconditions(tag, s_modified) is { } early)
            {
                return early;
            }

            works++;
            return Response.Text("seven");
        }));
        RawAnswer answer = server.Ask($"{method} / HTTP/1.1\r\nHost: test\r\n{field}\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(works, Is.EqualTo(status == 200 ? 1 : 0));
        Assert.That(server.Log.Exceptions, Is.Empty);
    }

    [Test]
    public void H82_a_target_without_a_representation_is_created_once()
    {
        bool exists = false;
        using var server = new ServerFixture(app => app.On("PUT", "/", r =>
        {
            r.CheckPreconditions(exists ? new ETag("1") : null, exists: exists);
            exists = true;
            return new Response(201);
        }));
        string put = "PUT / HTTP/1.1\r\nHost: test\r\nIf-None-Match: *\r\n\r\n";

        Assert.That(
            server.Ask("PUT / HTTP/1.1\r\nHost: test\r\nIf-Match: *\r\n\r\n").Status,
            Is.EqualTo(412));
        Assert.That(server.Ask(put).Status, Is.EqualTo(201));
        Assert.That(server.Ask(put).Status, Is.EqualTo(412));
    }

    [Test]
    public void H84_a_304_repeats_the_fields_of_the_200_and_has_no_content()
    {
        using var server = new ServerFixture(Describe);
        HttpPeer peer = server.Connect();
        RawAnswer full = peer.Ask(Ask("/"));
        RawAnswer answer = peer.Ask(Ask("/", $"If-None-Match: {full["ETag"]}"));

        Assert.That((full.Status, answer.Status), Is.EqualTo((200, 304)));
        Assert.That(full.Text, Is.EqualTo("text"));
        foreach (string name in new[]
            { "ETag", "Date", "Vary", "Cache-Control", "Expires", "Content-Location" })
        {
            Assert.That(full[name], Is.Not.Null, name);
            Assert.That(answer[name], Is.EqualTo(full[name]), name);
        }

        Assert.That(answer["X-Other"], Is.EqualTo("kept"));
        foreach (string name in new[]
            { "Content-Type", "Content-Language", "Content-Length", "Last-Modified" })
        {
            Assert.That(answer[name], Is.Null, name);
        }

        Assert.That(peer.Ask(Ask("/")).Text, Is.EqualTo("text"), "the connection is in step");
    }

    [Test]
    public void H84_a_304_of_a_check_has_the_tag_or_else_the_date()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/tag", r => r.CheckPreconditions(new ETag("7", true), s_modified)!);
            app.OnGet("/date", r => r.CheckPreconditions(null, s_modified)!);
        });
        RawAnswer tagged = server.Ask(Ask("/tag", "If-None-Match: \"7\""));
        RawAnswer dated = server.Ask(Ask("/date", "If-Modified-Since: " + Date));

        Assert.That((tagged.Status, dated.Status), Is.EqualTo((304, 304)));
        Assert.That(tagged["ETag"], Is.EqualTo("W/\"7\""));
        Assert.That(tagged["Last-Modified"], Is.Null);
        Assert.That(dated["Last-Modified"], Is.EqualTo(Date));
    }

    [Test]
    public void The_tag_of_a_buffered_response_is_strong_and_that_of_its_bytes_and_type()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(ConditionalResponses.AnswerAsync);
            app.OnGet("/text", r => Response.Text("same"));
            app.OnGet("/bytes", r => Response.Bytes(
                "same"u8.ToArray(), "text/plain; charset=utf-8"));
            app.OnGet("/memory", r => Response.Bytes(
                "-same-"u8.ToArray().AsMemory(1, 4), "text/plain; charset=utf-8"));
            app.OnGet("/html", r => Response.Html("same"));
            app.OnGet("/other", r => Response.Text("Same"));
            app.OnGet("/empty", r => new Response());
        });
        string Tag(string target) => server.Ask(Ask(target))["ETag"]!;

        Assert.That(Tag("/text"), Does.Match("^\"[A-Za-z0-9_-]{22}\"$"));
        Assert.That(Tag("/bytes"), Is.EqualTo(Tag("/text")));
        Assert.That(Tag("/memory"), Is.EqualTo(Tag("/text")));
        Assert.That(
            new[] { Tag("/text"), Tag("/html"), Tag("/other"), Tag("/empty") }.Distinct().Count(),
            Is.EqualTo(4));
        string head = Ask("/text", $"If-None-Match: {Tag("/text")}").Replace("GET", "HEAD");
        Assert.That(server.Ask(head).Status, Is.EqualTo(304));
        Assert.That(server.Ask(Ask("/text", "If-Match: \"other\"")).Status, Is.EqualTo(412));
    }

    [TestCase("GET", "/missing", 404)]
    [TestCase("GET", "/thrown", 404)]
    [TestCase("GET", "/moved", 302)]
    [TestCase("GET", "/broken", 500)]
    [TestCase("POST", "/", 405)]
    [TestCase("OPTIONS", "/", 204)]
    public void H85_conditions_are_ignored_if_the_plain_answer_is_no_success(
        string method, string target, int status)
    {
        using var server = new ServerFixture(app =>
        {
            Describe(app);
            app.OnGet("/missing", r => Response.Text("none", 404));
            app.OnGet("/thrown", r => throw HttpException.NotFound());
            app.OnGet("/moved", r => Response.Redirect("/"));
            app.OnGet("/broken", r => throw new InvalidOperationException());
        });
        foreach (string field in new[]
            { "", "If-Match: \"none\"", "If-None-Match: *", "If-Unmodified-Since: " + Date })
        {
            Assert.That(
                server.Ask(Ask(target, field).Replace("GET", method)).Status,
                Is.EqualTo(status), field);
        }
    }

    [Test]
    public void H85_a_malformed_request_is_told_so_and_not_412()
    {
        using var server = new ServerFixture(app => app.On("PUT", "/{id}", r =>
        {
            int id = r.MatchInfo.Get<int>("id");
            r.CheckPreconditions(new ETag($"{id}"));
            return new Response(204);
        }));
        string Put(string id) => $"PUT /{id} HTTP/1.1\r\nHost: test\r\nIf-Match: \"5\"\r\n\r\n";

        Assert.That(server.Ask(Put("x")).Status, Is.EqualTo(400));
        Assert.That(server.Ask(Put("4")).Status, Is.EqualTo(412));
        Assert.That(server.Ask(Put("5")).Status, Is.EqualTo(204));
    }

    [Test]
    public void A_change_passes_the_middleware_untouched_since_it_is_done_already()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(ConditionalResponses.AnswerAsync);
            app.On("POST", "/", r => Response.Text("done"));
        });
        RawAnswer answer = server.Ask(Ask("/", "If-Match: \"none\"").Replace("GET", "POST"));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "done")));
        Assert.That(answer["ETag"], Is.Null);
    }

    [Test]
    public void A_stream_and_a_body_over_a_megabyte_have_no_tag()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(ConditionalResponses.AnswerAsync);
            app.OnGet("/exact", r => Response.Bytes(new byte[1 << 20]));
            app.OnGet("/over", r => Response.Bytes(new byte[(1 << 20) + 1]));
            app.Get("/stream", async r =>
            {
                var response = new StreamResponse();
                response.Prepare(r);
                await response.WriteAsync("piece"u8.ToArray());
                return response;
            });
        });

        Assert.That(server.Ask(Ask("/exact"))["ETag"], Is.Not.Null);
        Assert.That(server.Ask(Ask("/over"))["ETag"], Is.Null);
        Assert.That(server.Ask(Ask("/stream", "If-None-Match: *")).Text, Is.EqualTo("piece"));
    }

    [TestCase("abc", false, "\"abc\"")]
    [TestCase("abc", true, "W/\"abc\"")]
    [TestCase("", false, "\"\"")]
    [TestCase("a\\b,c", false, "\"a\\b,c\"")]
    public void A_tag_is_written_and_read(string value, bool isWeak, string text)
    {
        var tag = new ETag(value, isWeak);

        Assert.That(tag.ToString(), Is.EqualTo(text));
        Assert.That(ETag.TryParse(text, out ETag read));
        Assert.That(read, Is.EqualTo(tag));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("abc")]
    [TestCase("\"abc")]
    [TestCase("\"")]
    [TestCase("w/\"abc\"")]
    [TestCase("\"a\"b\"")]
    [TestCase("\"a b\"")]
    [TestCase("\"é\"")]
    public void What_is_no_tag_is_not_read(string? text) =>
        Assert.That(ETag.TryParse(text, out _), Is.False);

    [TestCase("a\"b")]
    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("é")]
    public void A_value_that_would_break_a_tag_is_refused(string value) =>
        Assert.That(() => new ETag(value), Throws.ArgumentException);

    [TestCase(true, true, false, false, Description = "W/\"1\" W/\"1\"")]
    [TestCase(true, false, false, false, Description = "W/\"1\" \"1\"")]
    [TestCase(false, false, true, false, Description = "\"1\" \"1\"")]
    public void Tags_are_compared_as_in_the_table_of_8_8_3_2(
        bool isWeak, bool isOtherWeak, bool areStronglyEqual, bool isOther)
    {
        var tag = new ETag("1", isWeak);
        var other = new ETag(isOther ? "2" : "1", isOtherWeak);

        Assert.That(tag.StrongEquals(other), Is.EqualTo(areStronglyEqual));
        Assert.That(tag.WeakEquals(other));
        Assert.That(tag.WeakEquals(new ETag("2", isOtherWeak)), Is.False);
        Assert.That(tag.StrongEquals(new ETag("2", isOtherWeak)), Is.False);
    }

    private static void Describe(Application app)
    {
        app.Use(ConditionalResponses.AnswerAsync);
        app.OnGet("/", r =>
        {
            Response response = Response.Text("text");
            response.SetLastModified(s_modified);
            response.Headers.AddVary("Accept");
            response.Headers.Add("Cache-Control", "no-cache");
            response.Headers.Add("Expires", Date);
            response.Headers.Add("Content-Location", "/text");
            response.Headers.Add("Content-Language", "en");
            response.Headers.Add("X-Other", "kept");
            return response;
        });
    }

    private static string Ask(string target, string field = "")
    {
        var text = new StringBuilder($"GET {target} HTTP/1.1\r\nHost: test\r\n");
        return text.Append(field.Length == 0 ? "" : field + "\r\n").Append("\r\n").ToString();
    }
}
