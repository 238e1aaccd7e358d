using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>
/// Advisories about the multipart parsers of other servers, each with the hazard that it named.
/// </summary>
public class MultipartAdvisoryTests
{
    private static readonly RouteOptions s_large = new() { BodyBytesMax = 256 << 20 };

    private SpoolFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new SpoolFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n")]
    [TestCase("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--b")]
    [TestCase("--b\r\nContent-Disposition: form-data; name=a\r\n")]
    [TestCase("--b\r\n")]
    [TestCase("--")]
    [TestCase("")]
    public void CVE_2024_30251_a_form_that_ends_early_ends_the_loop(string body)
    {
        foreach (string request in new[] { Post(Multipart, body), PostChunked(Multipart, body, 1) })
        {
            Assert.That(Serve(request, Skip).Status, Is.EqualTo(400));
            Assert.That(Serve(request, Form).Status, Is.EqualTo(400));
        }
    }

    [Test]
    public void CVE_2026_34516_the_header_fields_of_a_part_are_bounded_before_they_are_kept()
    {
        // No line end ever comes: what is kept of it must not grow with what is sent.
        long kept = 0;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await Form(request);
            }
            finally
            {
                kept = request.Context.Body.Buffer.Held;
            }

            return new Response();
        }, s_large));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Type: " + Multipart
            + "\r\nContent-Length: 100000000\r\n\r\n--b\r\nX: ");
        peer.Send(new string('x', 5000));
        server.Settle();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(400), "long before the body has ended");
        Assert.That(kept, Is.LessThanOrEqualTo(128 * 1024));
    }

    [Test]
    public void CVE_2026_34517_the_size_of_a_field_is_checked_before_it_is_kept()
    {
        using var server = new ServerFixture(app => app.Post("/", Form, s_large));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Type: " + Multipart
            + "\r\nContent-Length: 100000000\r\n\r\n" + Part("a", "")[..^2]);
        for (int sent = 0; sent <= 1 << 20; sent += 1 << 16)
        {
            Assert.That(peer.Received, Is.Empty, $"after {sent} bytes");
            peer.Send(new string('x', 1 << 16));
            server.Settle();
        }

        Assert.That(peer.TakeOne().Status, Is.EqualTo(413), "one chunk beyond the limit");
    }

    [Test]
    public void PYSEC_2026_4394_a_part_whose_encoding_makes_it_shorter_is_refused()
    {
        string body = Parts(Part("a", "AAAA", "Content-Transfer-Encoding: base64\r\n"));
        Assert.That(Serve(Post(Multipart, body), Form).Status, Is.EqualTo(400));
        Assert.That(
            Serve(Post(Multipart, body.Replace("base64", "quoted-printable")), Skip).Status,
            Is.EqualTo(400));
    }

    [Test]
    public void GHSA_24c4_3p7v_29cm_the_limit_of_a_part_holds_within_a_read()
    {
        // One read brings far more than the limit.
        string body = Parts(Part("a", new string('x', 60_000)));
        var sizes = new List<int>();
        RawAnswer answer = Serve(Post(Multipart, body), async request =>
        {
            await foreach (MultipartPart part in request.ReadMultipart())
            {
                sizes.Add((await part.ReadAsync(100)).Length);
            }

            return new Response();
        });
        Assert.That((answer.Status, sizes.Count), Is.EqualTo((413, 0)));
    }

    [Test]
    public void A_form_within_a_form_is_refused_before_it_is_read()
    {
        string inner = "--c\r\n\r\nx\r\n--c--";
        string body = Parts(Part("a", inner, "Content-Type: multipart/mixed; boundary=c\r\n"));
        Assert.That(Serve(Post(Multipart, body), Skip).Status, Is.EqualTo(400));
    }

    [Test]
    public void A_form_of_empty_parts_ends_at_the_limit_of_its_parts()
    {
        using var server = new ServerFixture(app => app.Post("/", Skip, s_large));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Type: " + Multipart
            + "\r\nContent-Length: 100000000\r\n\r\n");
        peer.Send(string.Concat(Enumerable.Repeat(Part("a", ""), 129)));
        server.Settle();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(400));
    }

    [Test]
    [Platform("Linux")]
    public void CVE_2025_54121_the_loop_never_waits_for_a_file()
    {
        // A thread is stuck in a write, as on a slow disk; other requests are served meanwhile.
        using var gate = new ManualResetEventSlim();
        var executor = new StuckExecutor(gate);
        using var server = new ServerFixture(
            app =>
            {
                app.Post("/", async request =>
                {
                    await foreach (MultipartPart part in request.ReadMultipart(
                        _folder.Options with { Executor = executor }))
                    {
                        await part.SpoolAsync();
                    }

                    return new Response();
                }, s_large);
                app.OnGet("/other", "served");
            },
            network: new() { WorkElsewhereMax = TimeSpan.FromMilliseconds(1) });
        HttpPeer peer = server.Connect();
        peer.Send(Post(Multipart, Parts(Part("a; filename=f", new string('x', 2_000_000)))));
        server.Settle();
        Assert.That(
            server.Ask(ServerFixture.Get("/other")).Text, Is.EqualTo("served"));
        Assert.That(peer.Received, Is.Empty);
        Assert.That(peer.UnsentBytes, Is.GreaterThan(0), "its client is held back");

        gate.Set();
        server.RunUntil(() => peer.ReceivedBytes > 0);
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
        Assert.That(executor.Threads, Has.None.EqualTo(Environment.CurrentManagedThreadId));
        _folder.WaitUntilEmpty(server);
    }

    private static async Coroutine<Response> Skip(Request request)
    {
        await foreach (MultipartPart part in request.ReadMultipart())
        {
            Assert.That(part.Name, Is.Not.Null);
        }

        return new Response();
    }

    private static async Coroutine<Response> Form(Request request)
    {
        await request.FormAsync();
        return new Response();
    }

    /// <summary>Threads that wait for a gate before each piece of work.</summary>
    private sealed class StuckExecutor(ManualResetEventSlim gate) : IExecutor
    {
        public System.Collections.Concurrent.ConcurrentBag<int> Threads { get; } = [];

        public void Submit(Action work)
        {
            var thread = new Thread(() =>
            {
                gate.Wait();
                Threads.Add(Environment.CurrentManagedThreadId);
                work();
            });
            thread.Start();
        }

        public void Shutdown()
        {
        }
    }
}
