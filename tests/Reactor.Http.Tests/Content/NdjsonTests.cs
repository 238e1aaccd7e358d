using System.Text;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>
/// Lines of JSON, both ways: one line at a time, in bounded memory, wherever the bytes are split.
/// </summary>
public sealed class NdjsonTests
{
    private const string Three =
        "{\"name\":\"one\"}\n\r\n{\"name\":\"two\"}\r\n \t\n\n{\"name\":\"three\"}";

    [TestCase("application/x-ndjson")]
    [TestCase("application/ndjson; charset=utf-8")]
    [TestCase("Application/JSONL")]
    public void Lines_are_read_by_their_type_and_empty_ones_are_skipped(string type)
    {
        using ServerFixture server = ReadNames();

        Assert.That(server.Ask(Post(Three, type)).Text, Is.EqualTo("one,two,three"));
        Assert.That(server.Ask(Post(Three + "\n", type)).Text, Is.EqualTo("one,two,three"));
        Assert.That(server.Ask(Post("", type)).Text, Is.Empty);
        Assert.That(server.Ask(Post("\n\n", type)).Text, Is.Empty);
    }

    [TestCase("application/json")]
    [TestCase("text/plain")]
    [TestCase("application/x-ndjson; charset=utf-16")]
    [TestCase("")]
    public void Another_type_is_415(string type)
    {
        using ServerFixture server = ReadNames();

        Assert.That(server.Ask(Post(Three, type)).Status, Is.EqualTo(415));
    }

    [Test]
    public void Lines_are_the_same_wherever_they_are_split()
    {
        using ServerFixture server = ReadNames();
        HttpPeer peer = server.Connect();
        string head = "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n";
        foreach (string form in new[]
        {
            $"{head}Content-Length: {Three.Length}\r\n\r\n{Three}",
            $"{head}Transfer-Encoding: chunked\r\n\r\n"
                + string.Concat(Three.Chunk(5).Select(c => $"{c.Length:x}\r\n{new string(c)}\r\n"))
                + "0\r\n\r\n",
        })
        {
            for (int cut = head.Length; cut < form.Length; cut++)
            {
                peer.Send(form[..cut]);
                server.Settle();
                Assert.That(peer.Ask(form[cut..]).Text, Is.EqualTo("one,two,three"));
            }

            Assert.That(peer.AskByteByByte(form).Text, Is.EqualTo("one,two,three"));
        }
    }

    [Test]
    public void A_line_is_given_out_before_the_next_one_comes()
    {
        var seen = new List<string>();
        using ServerFixture server = ReadNames(seen: seen);
        HttpPeer peer = server.Connect();
        peer.Send(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n");
        foreach (string name in new[] { "a", "b", "c" })
        {
            peer.Send($"d\r\n{{\"name\":\"{name}\"}}\n\r\n");
            server.Settle();
            Assert.That(seen[^1], Is.EqualTo(name));
        }

        Assert.That(peer.Ask("0\r\n\r\n").Text, Is.EqualTo("a,b,c"));
    }

    [Test]
    public void A_line_of_the_limit_is_read_and_one_byte_more_is_413()
    {
        string line = "{\"name\":\"12345\"}";
        foreach (string end in new[] { "", "\n", "\n{\"name\":\"x\"}" })
        {
            using ServerFixture served = ReadNames(new() { LineBytesMax = line.Length });
            Assert.That(served.Ask(Post(line + end)).Text, Does.StartWith("12345"));

            using ServerFixture refused = ReadNames(new() { LineBytesMax = line.Length - 1 });
            RawAnswer answer = refused.Ask(Post("{\"name\":\"x\"}\n" + line + end));
            Assert.That(answer.Status, Is.EqualTo(413));
            Assert.That(answer.Text, Does.Contain($"Line 2 has more than {line.Length - 1} bytes"));
        }
    }

    [Test]
    public void A_line_without_an_end_is_refused_before_the_body_ends()
    {
        using ServerFixture server = ReadNames(new() { LineBytesMax = 100 });
        HttpPeer peer = server.Connect();
        peer.Send(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n"
            + $"Content-Length: 1000000\r\n\r\n{new string(' ', 101)}");
        server.Settle();

        Assert.That(peer.TakeOne().Status, Is.EqualTo(413));
    }

    [TestCase("{\"name\":\"a\"}\n\n{\"name\":evil}\n", "Line 3 is not the expected JSON at $.name")]
    [TestCase("{\"name\":\"a\"} {\"name\":\"b\"}\n", "Line 1 is not the expected JSON at $")]
    [TestCase("null\n", "Line 1 is null")]
    [TestCase("{\"name\":\"a\",\"name\":\"b\"}\n", "Line 1 is not the expected JSON at $")]
    public void A_line_that_is_invalid_is_400_with_its_number(string body, string detail)
    {
        using ServerFixture server = ReadNames();
        RawAnswer answer = server.Ask(Post(body));

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Does.Contain(detail).And.Not.Contain("evil"));
    }

    [Test]
    public void Items_are_validated_and_named_by_their_index()
    {
        HttpException? seen = null;
        using ServerFixture server = ReadNames(onError: error => seen = error);
        RawAnswer answer = server.Ask(Post("{\"name\":\"a\"}\n\n{\"name\":\"\"}\n"));

        Assert.That(answer.Status, Is.EqualTo(422));
        Assert.That(seen!.Errors!.Keys, Is.EqualTo(new[] { "[1].name" }));
    }

    [Test]
    public void Lines_of_a_megabyte_pass_in_bounded_memory()
    {
        using ServerFixture server = ReadNames(options: new() { BodyBytesMax = 1 << 30 });
        string line = $"{{\"name\":\"{new string('x', 990)}\"}}\n";
        HttpPeer peer = server.Connect();
        peer.Send(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n"
            + $"Content-Length: {line.Length * 1000}\r\n\r\n");
        long most = 0;
        for (int i = 0; i < 1000; i++)
        {
            peer.Send(line);
            server.Settle();
            most = Math.Max(most, server.Http.Context.BudgetOf(server.Loop).UsedBytes);
        }

        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo((990 * 1000) + 999));
        Assert.That(most, Is.LessThanOrEqualTo(2 * 16 * 1024), "a line and what came with it");
    }

    [Test]
    public void A_limit_of_the_call_holds_for_all_lines_together()
    {
        foreach ((int most, int status) in new[] { (Three.Length, 200), (Three.Length - 1, 413) })
        {
            using ServerFixture server = ReadNames(new() { BytesMax = most });
            Assert.That(server.Ask(Post(Three)).Status, Is.EqualTo(status));
        }
    }

    [Test]
    public void Items_are_sent_as_lines_and_never_indented()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
            await request.WriteNdjsonAsync(Numbers(3), ContentJson.Default.Order)));
        RawAnswer answer = server.Ask(ServerFixture.Get("/"));

        Assert.That(answer["Content-Type"], Is.EqualTo("application/x-ndjson"));
        Assert.That(answer["Transfer-Encoding"], Is.EqualTo("chunked"));
        Assert.That(answer.Text, Is.EqualTo(
            "{\"name\":\"0\\n\",\"lines\":null,\"tags\":null}\n"
            + "{\"name\":\"1\\n\",\"lines\":null,\"tags\":null}\n"
            + "{\"name\":\"2\\n\",\"lines\":null,\"tags\":null}\n"));
    }

    [Test]
    public void What_was_sent_can_be_read_again()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
            await request.WriteNdjsonAsync(Numbers(50), ContentJson.Default.Order)));
        using ServerFixture reader = ReadNames();
        string sent = server.Ask(ServerFixture.Get("/")).Text;

        Assert.That(
            reader.Ask(Post(sent)).Text,
            Is.EqualTo(string.Join(',', Enumerable.Range(0, 50).Select(n => $"{n}\n"))));
    }

    [Test]
    public void A_sequence_without_items_is_an_empty_response()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
            await request.WriteNdjsonAsync(Numbers(0), ContentJson.Default.Order)));
        RawAnswer answer = server.Ask(ServerFixture.Get("/"));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "")));
    }

    [Test]
    public void What_a_sequence_throws_before_its_first_item_is_answered()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
            await request.WriteNdjsonAsync(Failing(), ContentJson.Default.Order)));

        Assert.That(server.Ask(ServerFixture.Get("/")).Status, Is.EqualTo(404));

        static async IAsyncEnumerable<Order> Failing()
        {
            await Task.CompletedTask;
            yield return true ? throw HttpException.NotFound() : new Order("");
        }
    }

    [Test]
    public void A_HEAD_request_asks_for_no_item()
    {
        bool wasAsked = false;
        using var server = new ServerFixture(app => app.Get("/", async request =>
            await request.WriteNdjsonAsync(Watched(), ContentJson.Default.Order)));
        RawAnswer answer = server.Ask("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.That(answer["Content-Type"], Is.EqualTo("application/x-ndjson"));
        Assert.That(wasAsked, Is.False);

        async IAsyncEnumerable<Order> Watched()
        {
            wasAsked = true;
            await Task.CompletedTask;
            yield return new Order("");
        }
    }

    [Test]
    public void An_endless_sequence_waits_for_its_client_and_ends_with_it()
    {
        int made = 0;
        bool hasEnded = false;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            Response response =
                await request.WriteNdjsonAsync(Endless(), ContentJson.Default.Order);
            hasEnded = true;
            return response;
        }));
        HttpPeer peer = server.Connect();
        peer.IsReading = false;
        peer.Send(ServerFixture.Get("/"));
        server.Settle();
        int first = made;
        server.RunFor(1);

        Assert.That(made, Is.EqualTo(first).And.LessThan(100_000), "it waits");
        peer.Reset();
        server.RunFor(1);
        Assert.That(hasEnded);

        async IAsyncEnumerable<Order> Endless()
        {
            while (true)
            {
                made++;
                await Task.CompletedTask;
                yield return new Order("again");
            }
        }
    }

    [Test]
    public void A_write_that_was_not_awaited_refuses_the_next()
    {
        Exception? seen = null;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var lines = new NdjsonWriter<string>(ContentJson.Default.String);
            lines.Response.Prepare(request);
            LoopTask first = EventLoop.Spawn(lines.WriteAsync(new string('x', 1 << 20)));
            await EventLoop.Yield();
            try
            {
                await lines.WriteAsync("second");
            }
            catch (InvalidOperationException error)
            {
                seen = error;
            }

            await first;
            return lines.Response;
        }));
        RawAnswer answer = server.Ask(ServerFixture.Get("/"));

        Assert.That(seen?.Message, Does.Contain("Await"));
        Assert.That(answer.Text, Is.EqualTo($"\"{new string('x', 1 << 20)}\"\n"));
    }

    private static async IAsyncEnumerable<Order> Numbers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.CompletedTask;
            yield return new Order($"{i}\n");
        }
    }

    private static ServerFixture ReadNames(
        JsonLimits? limits = null, List<string>? seen = null, RouteOptions? options = null,
        Action<HttpException>? onError = null) => new(app => app.Post(
            "/",
            async request =>
            {
                var names = new List<string>();
                try
                {
                    await foreach (Order order in
                        request.ReadNdjson(ContentJson.Default.Order, limits))
                    {
                        names.Add(order.Name);
                        seen?.Add(order.Name);
                    }
                }
                catch (HttpException error)
                {
                    onError?.Invoke(error);
                    throw;
                }

                return Response.Text(string.Join(',', names));
            },
            options));

    private static string Post(string body, string type = "application/x-ndjson") =>
        $"POST / HTTP/1.1\r\nHost: test\r\nContent-Type: {type}\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
}
