using System.Globalization;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The short cuts of the way that nearly every request takes: heads that are encoded beforehand,
/// routes that are found by their bytes. They may never show.
/// </summary>
public class CommonAnswerTests
{
    [Test]
    public void The_date_of_a_head_that_was_encoded_before_is_that_of_now()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        DateTimeOffset first = DateOf(peer.Ask(Get("/")));
        Assert.That(DateOf(peer.Ask(Get("/"))), Is.EqualTo(first));
        server.RunFor(2);

        Assert.That(DateOf(peer.Ask(Get("/"))), Is.EqualTo(first.AddSeconds(2)));
    }

    [Test]
    public void Each_of_more_content_types_than_are_kept_comes_as_it_was_set()
    {
        string[] types = [.. Enumerable.Range(0, 20).Select(i => $"text/x-{i}")];
        int next = 0;
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => Response.Bytes(new byte[3], types[next++ % types.Length])));
        HttpPeer peer = server.ConnectNow();
        for (int i = 0; i < 3 * types.Length; i++)
        {
            RawAnswer answer = peer.Ask(Get("/"));
            Assert.That(
                (answer["Content-Type"], answer.Body.Length), Is.EqualTo((types[i % 20], 3)));
        }
    }

    // Two equal strings that are not the same one, and one that is none.
    [Test]
    public void A_content_type_is_known_by_its_characters_or_not_at_all()
    {
        string made = string.Concat("text/", "plain".ToUpperInvariant()).ToLowerInvariant();
        string?[] types = ["text/plain", made, null, "text/html"];
        int next = 0;
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            var response = Response.Bytes("x"u8.ToArray());
            response.ContentType = types[next++];
            return response;
        }));
        HttpPeer peer = server.ConnectNow();

        Assert.That(
            types.Select(_ => peer.Ask(Get("/"))["Content-Type"]),
            Is.EqualTo(new[] { "text/plain", "text/plain", null, "text/html" }));
    }

    // 4,096 bytes are written with the head, one more is not.
    [TestCase(0)]
    [TestCase(4095)]
    [TestCase(4096)]
    [TestCase(4097)]
    [TestCase(70_000)]
    public void A_body_of_any_length_comes_whole_and_with_its_length(int bytes)
    {
        byte[] body = new byte[bytes];
        new Random(bytes).NextBytes(body);
        using var server = new ServerFixture(app => app.OnGet("/", _ => Response.Bytes(body)));
        HttpPeer peer = server.ConnectNow();
        RawAnswer answer = peer.Ask(Get("/"));

        Assert.That(answer["Content-Length"], Is.EqualTo($"{bytes}"));
        Assert.That(answer.Body, Is.EqualTo(body));
        peer.Send(Get("/").Replace("GET", "HEAD"));
        server.Settle();
        RawAnswer head = peer.TakeOne("HEAD");
        Assert.That(
            (head["Content-Length"], head.Body.Length), Is.EqualTo(($"{bytes}", 0)));
    }

    [Test]
    public void A_slice_of_memory_is_sent_and_not_what_stands_around_it()
    {
        byte[] whole = "0123456789"u8.ToArray();
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/slice", _ => Response.Bytes(whole.AsMemory(3, 4)));
            app.OnGet("/text", _ => Response.Text("äöü€"));
        });
        HttpPeer peer = server.ConnectNow();

        Assert.That(peer.Ask(Get("/slice")).Text, Is.EqualTo("3456"));
        Assert.That(peer.Ask(Get("/text")).Body, Is.EqualTo("äöü€"u8.ToArray()));
    }

    [Test]
    public void A_route_of_a_method_goes_before_that_of_all_methods()
    {
        using var server = new ServerFixture(app =>
        {
            app.On("*", "/", _ => Response.Text("any"));
            app.OnGet("/", _ => Response.Text("get"));
        });
        HttpPeer peer = server.ConnectNow();

        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("get"));
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("get"));
        Assert.That(peer.Ask(Post("/", "x")).Text, Is.EqualTo("any"));
    }

    [Test]
    public void Paths_that_differ_in_a_byte_or_a_parameter_are_told_apart()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/path/1", _ => Response.Text("one"));
            app.OnGet("/path/2", _ => Response.Text("two"));
            app.Get("/path/{name}", async request =>
            {
                await EventLoop.Yield();
                return Response.Text(request.MatchInfo["name"]);
            });
        });
        HttpPeer peer = server.ConnectNow();
        for (int round = 0; round < 2; round++)
        {
            Assert.That(
                new[] { "/path/1", "/path/2", "/path/3", "/path/%31", "/path/1?q", "/path/12" }
                    .Select(path => peer.Ask(Get(path)).Text),
                Is.EqualTo(new[] { "one", "two", "3", "one", "one", "12" }));
        }

        Assert.That(peer.Ask(Get("/path")).Status, Is.EqualTo(404));
    }

    // An exchange goes from connection to connection; nothing goes with it.
    [Test]
    public void What_one_connection_had_does_not_show_on_the_next()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnEcho();
            app.OnGet("/", "hi");
            app.Get("/throws", async _ =>
            {
                await EventLoop.Yield();
                throw new InvalidOperationException("on purpose");
            });
        });
        HttpPeer broken = server.ConnectNow();
        broken.Send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n12345");
        HttpPeer[] peers = [.. Enumerable.Range(0, 5).Select(_ => server.ConnectNow())];
        for (int i = 0; i < 20; i++)
        {
            HttpPeer peer = peers[i % peers.Length];
            Assert.That(peer.Ask(Post("/echo", $"body {i}")).Text, Is.EqualTo($"body {i}"));
            Assert.That(peer.Ask(Get("/throws")).Status, Is.EqualTo(500));
            Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("hi"));
            if (i == 10)
            {
                broken.Reset();
            }
        }
    }

    [Test]
    public void A_write_that_waited_while_its_response_ended_throws_and_writes_nothing()
    {
        LoopTask? writing = null;
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/hi", "hi");
            app.Get("/", async request =>
            {
                var stream = new StreamResponse();
                stream.Prepare(request);
                writing = EventLoop.Spawn(WriteMuch(stream));
                await EventLoop.Yield();
                await EventLoop.Yield();
                return stream;
            });
        });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.RunFor(1);

        Assert.That(writing!.Exception, Is.InstanceOf<InvalidOperationException>());
        Assert.That(peer.TakeOne().IsWhole);
        Assert.That(peer.Ask(Get("/hi")).Text, Is.EqualTo("hi"));

        static async Coroutine WriteMuch(StreamResponse stream)
        {
            while (true)
            {
                await stream.WriteAsync(new byte[20_000]);
            }
        }
    }

    private static DateTimeOffset DateOf(RawAnswer answer) => DateTimeOffset.ParseExact(
        answer["Date"]!, "r", CultureInfo.InvariantCulture);
}
