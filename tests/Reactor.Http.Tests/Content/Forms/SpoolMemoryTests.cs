using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>
/// The memory of uploads that are written to files: it follows what a client has sent, because it
/// is beside the limit of all bodies.
/// </summary>
public class SpoolMemoryTests
{
    private const int Least = 16 * 1024;
    private const int Most = 256 * 1024;

    private static readonly RouteOptions s_large = new() { BodyBytesMax = 4 << 20 };

    private HeldExecutor _executor = null!;
    private List<MultipartReader> _readers = null!;
    private SpoolFolder _folder = null!;

    [SetUp]
    public void Prepare() => (_executor, _readers, _folder) = (new(), [], new());

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_thousand_clients_that_have_sent_a_byte_hold_the_least_each()
    {
        using ServerFixture server = Serve();
        HttpPeer[] peers = [.. Enumerable.Range(0, 1000).Select(_ => server.Connect())];
        foreach (HttpPeer peer in peers)
        {
            Begin(peer);
            peer.Send("x");
        }

        server.Settle();
        Assert.That(_readers, Has.Count.EqualTo(1000));
        Assert.That(_readers.Sum(reader => reader.SpoolBytes), Is.EqualTo(1000 * Least));
        End(server, peers);
    }

    [Test]
    public void A_client_that_has_sent_nothing_of_its_file_holds_nothing()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        Begin(peer);
        server.Settle();
        Assert.That(_readers.Single().SpoolBytes, Is.Zero);
        End(server, peer);
    }

    [TestCase(Least, Least)]
    [TestCase(Least + 1, 2 * Least)]
    [TestCase(2 * Least, 2 * Least)]
    [TestCase((2 * Least) + 1, 4 * Least)]
    [TestCase((Most / 2) + 1, Most)]
    [TestCase(Most - 1, Most)]
    public void A_buffer_grows_with_what_it_holds(int sent, int held)
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        Begin(peer);
        Send(server, peer, sent);
        Assert.That(_readers.Single().SpoolBytes, Is.EqualTo(held));
        Assert.That(_executor.Count, Is.Zero);
        End(server, peer);
    }

    [Test]
    public void A_full_buffer_is_written_and_given_back_also_if_nothing_follows()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        Begin(peer);
        Send(server, peer, Most);
        Assert.That((_readers.Single().SpoolBytes, _executor.Count), Is.EqualTo((Most, 1)));
        Send(server, peer, 1);
        Assert.That(_readers.Single().SpoolBytes, Is.EqualTo(Most + Least));
        _executor.RunAll();
        server.Settle();
        Assert.That(_readers.Single().SpoolBytes, Is.EqualTo(Least));
        End(server, peer);
    }

    [Test]
    public void What_comes_while_a_buffer_is_written_is_one_buffer_more()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.Connect();
        Begin(peer);
        Send(server, peer, Most);
        Send(server, peer, Most);
        Send(server, peer, Most / 2);
        Assert.That((_readers.Single().SpoolBytes, _executor.Count), Is.EqualTo((2 * Most, 1)));
        End(server, peer);
    }

    [Test]
    public void A_file_of_many_buffers_is_whole_and_nothing_is_held_after_it()
    {
        byte[] content = new byte[(3 * Most) + 12345];
        Reactor.Testing.TestSeed.NewRandom().NextBytes(content);
        bool isWhole = false;
        long held = -1;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            MultipartReader reader = request.ReadMultipart(_folder.Options);
            await foreach (MultipartPart part in reader)
            {
                FormFile file = await part.SpoolAsync();
                held = reader.SpoolBytes;
                isWhole = File.ReadAllBytes(file.Path).AsSpan().SequenceEqual(content);
            }

            return new Response();
        }, s_large));
        string body = Parts(Part(
            "a; filename=f", System.Text.Encoding.Latin1.GetString(content)));
        Assert.That(server.Ask(PostChunked(Multipart, body, 10_007)).Status, Is.EqualTo(200));
        Assert.That((isWhole, held), Is.EqualTo((true, 0L)));
        _folder.WaitUntilEmpty(server);
    }

    private static void Begin(HttpPeer peer) => peer.Send(
        $"POST / HTTP/1.1\r\nHost: test\r\nContent-Type: {Multipart}\r\n"
        + $"Content-Length: {2 << 20}\r\n\r\n"
        + "--b\r\nContent-Disposition: form-data; name=a; filename=f\r\n\r\n");

    private static void Send(ServerFixture server, HttpPeer peer, int bytes)
    {
        for (; bytes > 0; bytes -= Math.Min(bytes, 4096))
        {
            peer.Send(new string('x', Math.Min(bytes, 4096)));
            server.Settle();
        }
    }

    private void End(ServerFixture server, params HttpPeer[] peers)
    {
        foreach (HttpPeer peer in peers)
        {
            peer.Reset();
        }

        server.Settle();
        _executor.RunAll();
        server.Settle();
        _executor.RunAll();
        Assert.That(_readers.Sum(reader => reader.SpoolBytes), Is.Zero);
        Assert.That(_folder.Files, Is.Empty);
    }

    private ServerFixture Serve() => new(app => app.Post("/", async request =>
    {
        MultipartReader reader = request.ReadMultipart(
            _folder.Options with { Executor = _executor });
        _readers.Add(reader);
        await foreach (MultipartPart part in reader)
        {
            await part.SpoolAsync();
        }

        return new Response();
    }, s_large),
        new() { CancelHandlerOnDisconnect = true },
        new() { WorkElsewhereMax = TimeSpan.FromMilliseconds(1) }); // the executor is held
}
