using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>The parts of a multipart form as a handler reads them.</summary>
public class MultipartReadTests
{
    private static readonly string s_body = Parts(
        Part("a", "one"), Part("\"b\"; filename=\"f.txt\"", "two\r\n", "Content-Type: text/x\r\n"),
        Part("c", ""));

    [Test]
    public void The_parts_are_the_same_wherever_the_request_is_split()
    {
        using var server = new ServerFixture(app => app.Post("/", Describe));
        HttpPeer peer = server.Connect();
        const string Told = "a|-|-|one\nb|f.txt|text/x|two\r\n\nc|-|-|\n";
        foreach (string request in new[]
        {
            Post(Multipart, s_body), PostChunked(Multipart, s_body, 1),
            PostChunked(Multipart, s_body, 11),
        })
        {
            for (int cut = 1; cut < request.Length; cut++)
            {
                peer.Send(request[..cut]);
                server.Settle();
                Assert.That(peer.Received, Is.Empty);
                Assert.That(peer.Ask(request[cut..]).Text, Is.EqualTo(Told), $"cut at {cut}");
            }

            Assert.That(peer.AskByteByByte(request).Text, Is.EqualTo(Told));
        }
    }

    [Test]
    public void A_part_that_is_not_read_or_only_begun_is_skipped()
    {
        string body = Parts(
            Part("a", new string('x', 300_000)), Part("b", new string('y', 300_000)),
            Part("c", "z"));
        RawAnswer answer = Serve(Post(Multipart, body), async request =>
        {
            var told = new StringBuilder();
            await foreach (MultipartPart part in request.ReadMultipart())
            {
                told.Append(part.Name);
                if (part.Name == "b")
                {
                    await foreach (ReadOnlyMemory<byte> chunk in part.Body)
                    {
                        told.Append((char)chunk.Span[0]);
                        break;
                    }
                }
                else if (part.Name == "c")
                {
                    told.Append(await part.TextAsync());
                }
            }

            return Response.Text(told.ToString());
        });
        Assert.That(answer.Text, Is.EqualTo("abycz"));
    }

    [Test]
    public void Content_comes_in_chunks_before_the_body_has_ended()
    {
        var seen = new List<string>();
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await foreach (MultipartPart part in request.ReadMultipart())
            {
                await foreach (ReadOnlyMemory<byte> chunk in part.Body)
                {
                    seen.Add(Encoding.ASCII.GetString(chunk.Span));
                }
            }

            return new Response();
        }));
        string request = Post(Multipart, Parts(Part("a", "onetwo\r\n--three")));
        HttpPeer peer = server.Connect();
        int cut = request.IndexOf("two", StringComparison.Ordinal);
        peer.Send(request[..cut]);
        server.Settle();
        Assert.That(seen, Is.EqualTo(new[] { "one" }));
        peer.Send(request[cut..(cut + 6)]);
        server.Settle();
        Assert.That(seen, Is.EqualTo(new[] { "one", "two" }), "a delimiter may have begun");
        peer.Send(request[(cut + 6)..]);
        server.Settle();
        Assert.That(string.Concat(seen), Is.EqualTo("onetwo\r\n--three"));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
    }

    [Test]
    public void A_part_ends_when_the_next_is_asked_for()
    {
        MultipartPart? first = null;
        RawAnswer answer = Serve(Post(Multipart, s_body), async request =>
        {
            MultipartReader reader = request.ReadMultipart();
            await foreach (MultipartPart part in reader)
            {
                if (first is null)
                {
                    first = part;
                    Assert.That(part.Headers.GetHeader("content-disposition"), Does.Contain("a"));
                    Assert.That(await part.TextAsync(), Is.EqualTo("one"));
                    Assert.That(reader.Current, Is.SameAs(part));
                    continue;
                }

                Assert.That(first.Name, Is.EqualTo("a"), "names stay");
                Assert.That(() => first.Headers, Throws.InvalidOperationException);
                Assert.That(await first.TextAsync(), Is.EqualTo("one"), "what was read stays");
            }

            Assert.That(() => reader.Current, Throws.InvalidOperationException);
            Assert.That(reader.GetAsyncEnumerator, Throws.InvalidOperationException);
            return new Response();
        });
        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [TestCase(10, 200)]
    [TestCase(11, 413)]
    public void A_part_is_read_into_memory_up_to_its_limit(int bytes, int status)
    {
        string body = Parts(Part("a", new string('x', bytes)));
        foreach (string request in new[] { Post(Multipart, body), PostChunked(Multipart, body, 1) })
        {
            Assert.That(Serve(request, one => Read(one, null, 10)).Status, Is.EqualTo(status));
            var options = new FormOptions { PartBytesMax = 10 };
            Assert.That(
                Serve(request, one => Read(one, options, null)).Status, Is.EqualTo(status));
        }
    }

    [TestCase("a|x", 200)]
    [TestCase("\xC3\xBC", 200)]
    [TestCase("\xFF", 400)]
    [TestCase("a\0", 400)]
    public void A_text_is_utf8(string content, int status) => Assert.That(
        Serve(Post(Multipart, Parts(Part("a", content))), one => Read(one, null, null)).Status,
        Is.EqualTo(status));

    [Test]
    public void A_text_in_another_charset_is_415() => Assert.That(
        Serve(
            Post(Multipart, Parts(Part("a", "x", "Content-Type: text/plain; charset=latin1\r\n"))),
            one => Read(one, null, null)).Status,
        Is.EqualTo(415));

    [TestCase(UrlEncoded, 415)]
    [TestCase("multipart/mixed; boundary=b", 415)]
    [TestCase("multipart/form-data", 400)]
    [TestCase("multipart/form-data; boundary=\"b", 400)]
    public void Another_type_is_415_and_a_bad_boundary_400(string type, int status) =>
        Assert.That(Serve(Post(type, s_body), Describe).Status, Is.EqualTo(status));

    [Test]
    public void A_malformed_form_is_400_and_the_connection_goes_on()
    {
        using var server = new ServerFixture(app => app.Post("/", Describe));
        HttpPeer peer = server.Connect();
        foreach (string body in new[]
        {
            "", "text", "--b\r\n\r\n--b--", "--b", Part("a", "x"),
            Parts("--b\r\nContent-Disposition: x\r\n\r\n\r\n"),
        })
        {
            Assert.That(peer.Ask(Post(Multipart, body)).Status, Is.EqualTo(400), body);
        }

        Assert.That(peer.Ask(Post(Multipart, s_body)).Status, Is.EqualTo(200));
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
    }

    [Test]
    public void A_malformed_form_stays_malformed()
    {
        Serve(Post(Multipart, "--bad" + s_body), async request =>
        {
            MultipartReader reader = request.ReadMultipart();
            for (int i = 0; i < 2; i++)
            {
                HttpException? error = null;
                try
                {
                    await reader.MoveNextAsync();
                }
                catch (HttpException caught)
                {
                    error = caught;
                }

                Assert.That(error?.Status, Is.EqualTo(400));
            }

            return new Response();
        });
    }

    [Test]
    public void A_form_that_is_cut_off_fails_the_read_with_the_reason_of_the_body()
    {
        Rejection? reason = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                return await Describe(request);
            }
            catch (RequestBodyException error)
            {
                reason = error.Reason;
                throw;
            }
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Post(Multipart, s_body)[..^20]);
        server.Settle();
        peer.End();
        server.Settle();
        Assert.That(reason, Is.EqualTo(Rejection.BodyIncomplete));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(400));
    }

    [Test]
    public void A_cancelled_step_loses_nothing()
    {
        string? told = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            MultipartReader reader = request.ReadMultipart();
            var names = new StringBuilder();
            while (true)
            {
                try
                {
                    if (!await TimeoutScope.Run(
                        TimeSpan.FromSeconds(1), _ => reader.MoveNextAsync()))
                    {
                        break;
                    }

                    names.Append(reader.Current.Name);
                }
                catch (TimeoutException)
                {
                    names.Append('.');
                }
            }

            told = names.ToString();
            return new Response();
        }), new HttpServerOptions { Times = new() { BytesPerSecondMin = 0 } });
        HttpPeer peer = server.Connect();
        string request = Post(Multipart, s_body);
        for (int at = 0; at < request.Length; at += 40)
        {
            peer.Send(request[at..Math.Min(request.Length, at + 40)]);
            server.RunFor(1.5);
        }

        Assert.That(told!.Replace(".", ""), Is.EqualTo("abc"));
        Assert.That(told, Does.Contain("."));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
    }

    [Test]
    public void A_slow_handler_holds_the_client_back()
    {
        using var server = new ServerFixture(
            app => app.Post("/", async request =>
            {
                await foreach (MultipartPart part in request.ReadMultipart())
                {
                    await EventLoop.Delay(TimeSpan.FromSeconds(5));
                }

                return new Response();
            }),
            ServerFixture.Patient with { Parser = new ParserLimits { BodyBytesMax = 4_000_000 } });
        HttpPeer peer = server.Connect();
        peer.Send(Post(Multipart, Parts(Part("a", new string('x', 3_000_000)))));
        server.RunFor(4);

        Assert.That(peer.UnsentBytes, Is.GreaterThan(2_500_000));
        server.RunFor(2);
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
    }

    [Test]
    public void A_reader_that_outlives_its_request_reads_nothing_of_another()
    {
        MultipartReader? reader = null;
        MultipartPart? part = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            if (reader is not null)
            {
                return Response.Bytes(await request.ReadAsync());
            }

            reader = request.ReadMultipart();
            await reader.MoveNextAsync();
            part = reader.Current;
            return new Response();
        }));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Post(Multipart, s_body)).Status, Is.EqualTo(200));
        server.Run(async () =>
        {
            Exception? error = null;
            try
            {
                await part!.ReadAsync();
            }
            catch (InvalidOperationException caught)
            {
                error = caught;
            }

            Assert.That(error, Is.Not.Null);
        });
        string next = Post(Multipart, s_body);
        peer.Send(next[..^1]);
        server.Settle();
        server.Run(async () => await reader!.DisposeAsync());
        Assert.That(peer.Ask(next[^1..]).Text, Is.EqualTo(s_body), "the next body is untouched");
    }

    private static async Coroutine<Response> Describe(Request request)
    {
        var told = new StringBuilder();
        await foreach (MultipartPart part in request.ReadMultipart())
        {
            told.Append($"{part.Name}|{part.FileName ?? "-"}|{part.ContentType ?? "-"}|");
            told.Append($"{await part.TextAsync()}\n");
        }

        return Response.Text(told.ToString());
    }

    private static async Coroutine<Response> Read(
        Request request, FormOptions? options, int? bytesMax)
    {
        await foreach (MultipartPart part in request.ReadMultipart(options))
        {
            await part.TextAsync(bytesMax);
        }

        return new Response();
    }
}
