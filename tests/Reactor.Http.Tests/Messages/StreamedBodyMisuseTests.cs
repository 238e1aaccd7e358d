using System.IO.Pipelines;
using System.Text;
using Reactor.Sync;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The stream of a body in rough hands: both ways of reading at once, cancelled and abandoned
/// reads, reads after the end; and on which thread it all happens.
/// </summary>
public class StreamedBodyMisuseTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\n";

    [Test]
    public void Whoever_streams_the_body_cannot_read_it_whole_too() =>
        AssertMisuse("Body", async request =>
        {
            ReadResult read = await request.Body.ReadAsync();
            request.Body.AdvanceTo(read.Buffer.End);
            await request.TextAsync();
        });

    [Test]
    public void Whoever_reads_the_body_whole_cannot_stream_it_too() =>
        AssertMisuse("ReadAsync", async request =>
        {
            await request.TextAsync();
            await request.Body.ReadAsync();
        });

    [Test]
    public void Looking_at_the_stream_without_reading_takes_nothing()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            _ = request.Body;
            return Response.Text(await request.TextAsync());
        }));

        Assert.That(server.Ask(Post("/", "body")).Text, Is.EqualTo("body"));
    }

    [Test]
    public void A_read_that_was_cancelled_while_it_waited_loses_nothing()
    {
        string text = "";
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            for (int i = 0; i < 3; i++)
            {
                LoopTask<string> read = EventLoop.Spawn(ReadOnce(request));
                await EventLoop.Wait([read], timeout: TimeSpan.FromSeconds(1));
                read.Cancel();
                await EventLoop.Wait([read]);
            }

            text = await ReadOnce(request) + await ReadOnce(request);
            return Response.Text(text);
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Head);
        server.RunFor(3.5);
        peer.Send("half");
        server.RunFor(1);
        peer.Send("rest");
        server.RunFor(1);

        Assert.That(text, Is.EqualTo("halfrest"));
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));
    }

    [Test]
    public void A_token_ends_a_read_that_waits_and_the_next_goes_on()
    {
        var thrown = new List<string>();
        string text = "";
        using var stop = new CancellationTokenSource();
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            for (int i = 0; i < 2; i++) // while it waits, and before it begins
            {
                try
                {
                    await request.Body.ReadAsync(stop.Token);
                }
                catch (OperationCanceledException error)
                {
                    thrown.Add(error.GetType().Name);
                }
            }

            text = await ReadOnce(request);
            return new Response();
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Head);
        server.Settle();
        stop.Cancel();
        server.Settle();
        Assert.That(thrown, Has.Count.EqualTo(2));

        peer.Send("12345678");
        server.Settle();
        Assert.That(text, Is.EqualTo("12345678"));
    }

    [Test]
    public void The_trace_of_a_cancelled_read_shows_no_line_of_the_reader([Values] bool byToken)
    {
        string trace = "";
        using var stop = new CancellationTokenSource();
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            LoopTask read = EventLoop.Spawn(Interrupted(request));
            await EventLoop.Yield();
            if (byToken)
            {
                stop.Cancel();
            }
            else
            {
                read.Cancel();
            }

            await EventLoop.Wait([read]);
            return new Response();
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Head);
        server.Settle();

        Assert.That(trace, Does.Contain(nameof(Interrupted)));
        Assert.That(trace, Does.Not.Contain("MessageBodyReader"));

        async Coroutine Interrupted(Request request)
        {
            try
            {
                await request.Body.ReadAsync(stop.Token);
            }
            catch (OperationCanceledException error)
            {
                trace = error.StackTrace!;
            }
        }
    }

    [Test]
    public void A_pending_read_can_be_cancelled_without_an_exception()
    {
        bool wasCanceled = false;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            request.Loop.CallLater(TimeSpan.FromSeconds(1), request.Body.CancelPendingRead);
            ReadResult read = await request.Body.ReadAsync();
            wasCanceled = read.IsCanceled;
            request.Body.AdvanceTo(read.Buffer.End);
            return Response.Text(await ReadOnce(request));
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Head);
        server.RunFor(2);
        Assert.That(wasCanceled);

        peer.Send("12345678");
        server.Settle();
        Assert.That(peer.TakeOne().Text, Is.EqualTo("12345678"));
    }

    [Test]
    public void A_read_that_waits_when_the_response_is_sent_fails_and_takes_no_byte_of_the_next()
    {
        Exception? thrown = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            _ = EventLoop.Spawn(Keep(request));
            await EventLoop.Yield();
            return Response.Text("done");
        }));
        async Coroutine Keep(Request request)
        {
            try
            {
                await ReadOnce(request);
            }
            catch (InvalidOperationException error)
            {
                thrown = error;
            }
        }

        HttpPeer peer = server.ConnectNow();
        Assert.That(peer.Ask(Head).Text, Is.EqualTo("done"));
        Assert.That(thrown?.Message, Does.Contain("ended"));
        peer.Send("12345678" + Head + "12345678");
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("done"));
    }

    [Test]
    public void A_stream_that_was_kept_beyond_its_request_says_so()
    {
        PipeReader? kept = null;
        using var server = new ServerFixture(app => app.On("POST", "/", request =>
        {
            kept = request.Body;
            return new Response();
        }));
        HttpPeer peer = server.Connect();
        peer.Ask(Post("/", "body"));

        Assert.That(() => kept!.TryRead(out _), Throws.InvalidOperationException);
        Assert.That(peer.Ask(Post("/", "body")).Status, Is.EqualTo(200), "nothing was taken");
    }

    [Test]
    public void A_stream_that_its_reader_completed_is_dropped_like_one_that_nobody_read()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await ReadOnce(request);
            await request.Body.CompleteAsync();
            return Response.Text("enough");
        }));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Head + "half").Text, Is.EqualTo("enough"));

        Assert.That(peer.Ask("rest" + Head + "whole...").Text, Is.EqualTo("enough"));
    }

    [Test]
    public void Two_tasks_may_take_turns()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            var gate = new AsyncLock();
            var all = new StringBuilder();
            async Coroutine Read()
            {
                await gate.AcquireAsync();
                all.Append(await ReadOnce(request));
                gate.Release();
            }

            await EventLoop.WhenAll(Read(), Read());
            return Response.Text(all.ToString());
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Head + "half");
        server.Settle();

        Assert.That(peer.Ask("rest").Text, Is.EqualTo("halfrest"));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    [NonParallelizable]
    public void Reading_never_leaves_the_loop_thread(string driver)
    {
        var threads = new HashSet<int>();
        using var server = new RealServer(driver, app =>
        {
            app.Post("/", async request => Response.Text($"{await Count(request)}"));
            app.Post("/task", async Task<Response> (request) => Response.Text(
                $"{await CountAsync(request)}"));
        });
        async Coroutine<long> Count(Request request)
        {
            long count = 0;
            while (true)
            {
                ReadResult read = await request.Body.ReadAsync();
                threads.Add(Environment.CurrentManagedThreadId);
                count += read.Buffer.Length;
                request.Body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return count;
                }
            }
        }

        async Task<long> CountAsync(Request request)
        {
            long count = 0;
            while (true)
            {
                ReadResult read = await request.Body.ReadAsync().ConfigureAwait(false);
                threads.Add(Environment.CurrentManagedThreadId);
                count += read.Buffer.Length;
                request.Body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return count;
                }
            }
        }

        foreach (string path in new[] { "/", "/task" })
        {
            using System.Net.Sockets.Socket client = server.Connect();
            RealServer.Send(
                client, $"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 50\r\n\r\n");
            for (int i = 0; i < 50; i++)
            {
                RealServer.Send(client, "x");
                server.OnLoop(() => 0); // the loop has had a turn
            }

            client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.That(RealServer.Receive(client, int.MaxValue)[0].Text, Is.EqualTo("50"));
        }

        server.WaitUntilQuiet();
        Assert.That(threads, Is.EqualTo(new[] { server.ThreadId }));
    }

    private static void AssertMisuse(string word, Func<Request, Coroutine> read)
    {
        string message = "";
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await read(request);
            }
            catch (InvalidOperationException error)
            {
                message = error.Message;
            }

            return new Response();
        }));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Post("/", "body")).Status, Is.EqualTo(200));
        Assert.That(peer.Ask(Post("/", "body")).Status, Is.EqualTo(200), "in step");
        Assert.That(message, Does.Contain(word));
    }

    private static async Coroutine<string> ReadOnce(Request request)
    {
        ReadResult read = await request.Body.ReadAsync();
        string text = Encoding.ASCII.GetString(read.Buffer);
        request.Body.AdvanceTo(read.Buffer.End);
        return text;
    }
}
