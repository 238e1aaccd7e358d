using System.Net.Sockets;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// That a client has gone is a fact of its connection. Whatever the handler does, whichever options
/// are set and whichever driver is below: the record says that the client has left, no line of the
/// log says otherwise, and each handler of the connection that asks is told.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public class ClientFateTests
{
    private const string Memory = "memory";

    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private static readonly string[] s_drivers = [Memory, .. RealDrivers.Names];

    private enum Ending
    {
        Reset,
        End,
        EndThenReset,
    }

    /// <summary>What a handler does once its client has gone.</summary>
    private static readonly Dictionary<string, Func<Request, Response>> s_handlers = new()
    {
        ["returns"] = _ => Response.Text("nobody hears it"),
        ["throws"] = _ => throw new InvalidOperationException("on purpose"),
        ["throws in its response"] = request =>
        {
            new StreamResponse().Prepare(request);
            throw new InvalidOperationException("on purpose");
        },
        ["returns less than it announced"] = request =>
        {
            var response = new StreamResponse(contentLength: 10);
            response.Prepare(request);
            return response;
        },
        ["gives up"] = request =>
        {
            request.Aborted.ThrowIfCancellationRequested();
            return Response.Text("nobody hears it");
        },
    };

    private static readonly HttpServerOptions[] s_options =
    [
        new(),
        new() { CancelHandlerOnDisconnect = true },
        new() { HalfCloseIsDisconnect = true },
        new() { CancelHandlerOnDisconnect = true, HalfCloseIsDisconnect = true },
    ];

    private static IEnumerable<TestCaseData> Resets() =>
        from driver in s_drivers
        from handler in s_handlers.Keys
        from options in s_options
        from asks in new[] { false, true }
        let data = new TestCaseData(driver, handler, options, asks).SetArgDisplayNames(
            driver,
            handler,
            options.CancelHandlerOnDisconnect ? "cancelled" : "not cancelled",
            options.HalfCloseIsDisconnect ? "half-close too" : "reset only",
            asks ? "asks" : "does not ask")
        // In memory each option is tried by itself; on the kernel the quick run has none and all.
        select driver != Memory
            && options.CancelHandlerOnDisconnect != options.HalfCloseIsDisconnect
                ? data.SetCategory("Slow")
                : data;

    [TestCaseSource(nameof(Resets))]
    public void A_client_that_resets_has_left_whatever_its_handler_does(
        string driver, string handler, HttpServerOptions options, bool asks)
    {
        Result result = Play(driver, handler, options, asks, Ending.Reset);

        Assert.That(result.Outcomes, Is.EqualTo(new[] { RequestOutcome.AbortedByClient }));
        Assert.That(result.Warnings, Is.Empty);
        Assert.That(result.Told, Is.EqualTo(asks ? 1 : 0));
    }

    [Test, Combinatorial]
    public void A_client_that_only_ended_its_stream_gets_its_500_and_the_failure_is_an_error(
        [ValueSource(nameof(s_drivers))] string driver, [Values] bool cancels, [Values] bool asks)
    {
        Result result = Play(
            driver,
            "throws",
            new HttpServerOptions { CancelHandlerOnDisconnect = cancels },
            asks,
            Ending.End);

        Assert.That(result.Outcomes, Is.EqualTo(new[] { RequestOutcome.Complete }));
        Assert.That(result.Warnings, Has.Length.EqualTo(1));
        Assert.That(result.Warnings[0], Does.Contain("its response is 500"));
        Assert.That(result.Told, Is.Zero);
    }

    [Test, Combinatorial]
    public void A_client_that_ended_its_stream_has_left_where_the_option_says_so(
        [ValueSource(nameof(s_drivers))] string driver, [Values] bool cancels, [Values] bool asks)
    {
        var options = new HttpServerOptions
        {
            CancelHandlerOnDisconnect = cancels,
            HalfCloseIsDisconnect = true,
        };
        Result result = Play(driver, "throws", options, asks, Ending.End);

        Assert.That(result.Outcomes, Is.EqualTo(new[] { RequestOutcome.AbortedByClient }));
        Assert.That(result.Warnings, Is.Empty);
        Assert.That(result.Told, Is.EqualTo(asks ? 1 : 0));
    }

    [Test, Combinatorial]
    public void A_client_that_resets_after_its_stream_has_left_although_no_read_tells_it(
        [ValueSource(nameof(s_drivers))] string driver,
        [Values("returns", "throws", "throws in its response")] string handler)
    {
        Result result = Play(driver, handler, new(), asks: false, Ending.EndThenReset);

        Assert.That(result.Outcomes, Is.EqualTo(new[] { RequestOutcome.AbortedByClient }));
        Assert.That(result.Warnings, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Every_pipelined_long_poll_is_told_that_its_client_ended_its_stream(bool asksLate)
    {
        List<TimeSpan> told = [];
        using var server = new ServerFixture(
            app => app.Get("/poll", async request =>
            {
                if (asksLate)
                {
                    await EventLoop.Delay(TimeSpan.FromSeconds(1));
                }

                request.Aborted.Register(() => told.Add(request.Loop.Time));
                await EventLoop.Delay(TimeSpan.FromSeconds(10));
                return Response.Text("w");
            }),
            new HttpServerOptions { HalfCloseIsDisconnect = true });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/poll") + Get("/poll") + Get("/poll"));
        server.RunFor(5);
        peer.End();
        server.RunFor(60);

        Assert.That(told, Has.Count.EqualTo(3));
        Assert.That(peer.Take(), Has.Count.EqualTo(3), "each is told, and may answer");
    }

    [Test]
    public void No_pipelined_long_poll_starts_for_a_client_that_reset()
    {
        int begun = 0;
        int cancelled = 0;
        using var server = new ServerFixture(
            app => app.Get("/poll", async _ =>
            {
                begun++;
                try
                {
                    await EventLoop.Delay(TimeSpan.FromSeconds(10));
                }
                catch (LoopCanceledException)
                {
                    cancelled++;
                }

                return Response.Text("w");
            }),
            new HttpServerOptions { CancelHandlerOnDisconnect = true });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/poll") + Get("/poll") + Get("/poll"));
        server.RunFor(15);
        peer.Reset();
        server.Settle();

        Assert.That((begun, cancelled, server.ConnectionTasks), Is.EqualTo((2, 1, 0)));
    }

    [Test]
    public void A_reset_after_a_half_close_is_a_client_that_has_left()
    {
        List<AccessRecord> records = [];
        using var server = new ServerFixture(
            app => app.Get("/", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(2));
                return Response.Bytes(new byte[10]);
            }),
            new HttpServerOptions { Log = new() { AccessLog = records.Add } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        peer.End();
        server.RunFor(1);
        peer.Reset();
        server.RunFor(5);

        Assert.That(records.Single().Outcome, Is.EqualTo(RequestOutcome.AbortedByClient));
    }

    [TestCase(false, 20)]
    [TestCase(true, 3)]
    public void A_response_without_end_ends_with_its_client(bool halfCloseIsDisconnect, int pieces)
    {
        int written = 0;
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                _ = request.Aborted;
                var response = new StreamResponse();
                response.Prepare(request);
                for (; written < 20 && !response.IsClientGone; written++)
                {
                    await response.WriteAsync("piece"u8.ToArray());
                    await EventLoop.Delay(TimeSpan.FromSeconds(1));
                }

                return response;
            }),
            new HttpServerOptions { HalfCloseIsDisconnect = halfCloseIsDisconnect });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.RunFor(2.5);
        peer.End();
        server.RunFor(30);

        Assert.That(written, Is.EqualTo(pieces));
    }

    private sealed record Result(RequestOutcome[] Outcomes, string[] Warnings, int Told);

    private static Result Play(
        string driver, string handler, HttpServerOptions options, bool asks, Ending ending) =>
        driver == Memory
            ? PlayInMemory(handler, options, asks, ending)
            : PlayOnSockets(driver, handler, options, asks, ending);

    private static Result PlayInMemory(
        string handler, HttpServerOptions options, bool asks, Ending ending)
    {
        List<AccessRecord> records = [];
        int told = 0;
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                Watch(request, asks, () => told++);
                await EventLoop.Delay(TimeSpan.FromSeconds(5));
                return s_handlers[handler](request);
            }),
            options with { Log = options.Log with { AccessLog = records.Add } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.RunFor(1);
        BreakOff(ending, peer.Reset, peer.End);
        server.RunFor(20);
        LogQueue.Flush(s_hung);
        return new Result(
            [.. records.Select(one => one.Outcome)], [.. server.Log.Warnings], told);
    }

    private static Result PlayOnSockets(
        string driver, string handler, HttpServerOptions options, bool asks, Ending ending)
    {
        List<AccessRecord> records = [];
        int told = 0;
        using var isBegun = new ManualResetEventSlim();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new RealServer(
            driver,
            app => app.Get("/", async request =>
            {
                Watch(request, asks, () => told++);
                isBegun.Set();
                await goOn.Task;
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1)); // a cancellation is thrown
                return s_handlers[handler](request);
            }),
            options with { Log = options.Log with { AccessLog = records.Add } });
        using Socket socket = server.Connect();
        RealServer.Send(socket, Get("/"));
        Assert.That(isBegun.Wait(s_hung));
        BreakOff(
            ending,
            () =>
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            },
            () => socket.Shutdown(SocketShutdown.Send));
        bool isTold = asks && (ending != Ending.End || options.HalfCloseIsDisconnect);
        Assert.That(
            !isTold || SpinWait.SpinUntil(() => server.OnLoop(() => told) > 0, s_hung), "told");
        goOn.SetResult();
        if (ending == Ending.End)
        {
            byte[] buffer = new byte[4096];
            while (socket.Receive(buffer, SocketFlags.None, out _) > 0)
            {
            }

            socket.Dispose();
        }

        server.WaitUntilQuiet();
        LogQueue.Flush(s_hung);
        return new Result(
            [.. server.OnLoop(() => records.Select(one => one.Outcome).ToArray())],
            [.. server.Log.Warnings],
            told);
    }

    private static void Watch(Request request, bool asks, Action onTold)
    {
        if (asks)
        {
            request.Aborted.Register(onTold);
        }
    }

    private static void BreakOff(Ending ending, Action reset, Action end)
    {
        if (ending != Ending.Reset)
        {
            end();
        }

        if (ending != Ending.End)
        {
            reset();
        }
    }
}
