using System.Diagnostics;
using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>Every request has an id, and a client chooses it only where it may.</summary>
public sealed class RequestIdTests
{
    private static readonly RequestIdOptions s_trusting = new() { AcceptsClientId = true };

    private static IEnumerable<TestCaseData> Kinds => KindsOfResponses();

    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_of_response_has_one(string request, int status)
    {
        using var server = new ServerFixture(app =>
        {
            AddKindsOfResponses(app);
            app.UseRequestId();
        });
        RawAnswer answer = server.Ask(request);
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer["X-Request-Id"], Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public void The_handler_and_the_client_see_the_same_one_and_the_next_request_another()
    {
        using ServerFixture server = Serve(new());
        HttpPeer peer = server.Connect();
        RawAnswer one = peer.Ask(Request("GET", "/"));
        RawAnswer other = peer.Ask(Request("GET", "/"));
        Assert.That(one.Text, Is.EqualTo(one["X-Request-Id"]));
        Assert.That(other.Text, Is.EqualTo(other["X-Request-Id"]));
        Assert.That(other.Text, Is.Not.EqualTo(one.Text));
    }

    [Test]
    public void The_access_record_has_it_and_that_of_another_request_does_not()
    {
        var records = new List<AccessRecord>();
        var options = new HttpServerOptions { Log = new() { AccessLog = records.Add } };
        using var server = new ServerFixture(app =>
        {
            app.Get("/", _ => new Response()).UseRequestId();
            app.Get("/without", _ => new Response());
        }, options);
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Request("GET", "/"));
        peer.Ask(Request("GET", "/without"));
        peer.Ask(Request("GET", "/none"));
        Assert.That(
            records.Select(record => record.RequestId),
            Is.EqualTo(new[] { answer["X-Request-Id"], null, null }));
    }

    [Test]
    public void That_of_a_client_is_ignored_by_default()
    {
        using ServerFixture server = Serve(new());
        RawAnswer answer = server.Ask(Request("GET", "/", "X-Request-Id: mine"));
        Assert.That(answer["X-Request-Id"], Does.Match("^[0-9a-f]{32}$"));
    }

    [TestCase("mine")]
    [TestCase("Root=1-67891233-abcdef012345678912345678")]
    [TestCase("a/b:c~d+e._-")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123")] // 64
    public void That_of_a_trusted_client_is_taken(string id)
    {
        using ServerFixture server = Serve(s_trusting);
        RawAnswer answer = server.Ask(Request("GET", "/", $"x-request-id: {id}"));
        Assert.That(answer["X-Request-Id"], Is.EqualTo(id));
        Assert.That(answer.Text, Is.EqualTo(id));
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a\"b")]
    [TestCase("a\u00e9")]
    [TestCase("a;b")]
    [TestCase("a<b>")]
    [TestCase("01234567890123456789012345678901234567890123456789012345678901234")] // 65
    [TestCase("a\r\nX-Request-Id: b")]
    public void One_that_is_none_is_replaced(string id)
    {
        using ServerFixture server = Serve(s_trusting);
        RawAnswer answer = server.Ask(Request("GET", "/", $"X-Request-Id: {id}"));
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer["X-Request-Id"], Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public void That_of_a_trace_is_taken()
    {
        using var activity = new Activity("test");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        using var server = new ServerFixture(app =>
        {
            app.Use(async (request, next) =>
            {
                Activity? before = Activity.Current;
                activity.Start();
                Response response = await next(request);
                Activity.Current = before;
                return response;
            });
            app.UseRequestId();
            app.OnGet("/", "text");
        });
        RawAnswer answer = server.Ask(Request("GET", "/"));
        Assert.That(answer["X-Request-Id"], Is.EqualTo(activity.TraceId.ToHexString()));
    }

    [TestCase(false)]
    [TestCase(true)]
    [NonParallelizable] // the source of spans is the process's
    public void That_of_the_trace_of_a_client_is_taken_only_from_a_trusted_one(bool accepts)
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c"; // the example of Trace Context
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HttpTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        string? traced = null;
        using var server = new ServerFixture(app =>
        {
            app.UseRequestId(new() { AcceptsClientId = accepts });
            app.OnGet("/", _ =>
            {
                traced = Activity.Current?.TraceId.ToHexString();
                return new Response();
            });
        });
        RawAnswer answer = server.Ask(
            Request("GET", "/", $"traceparent: 00-{Trace}-b7ad6b7169203331-01"));
        Assert.That(traced, Is.EqualTo(Trace), "the trace itself goes on");
        Assert.That(answer["X-Request-Id"], accepts ? Is.EqualTo(Trace) : Is.Not.EqualTo(Trace));
        Assert.That(answer["X-Request-Id"], Does.Match("^[0-9a-f]{32}$"));
        answer = server.Ask(Request("GET", "/"));
        Assert.That(answer["X-Request-Id"], Is.EqualTo(traced), "this one the server began");
    }

    [Test]
    public void A_route_keeps_the_one_of_its_application()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseRequestId();
            app.Get("/", request => Response.Text(request.State.Get(RequestIds.Key)))
                .UseRequestId(new() { HeaderName = "X-Correlation-Id" });
        });
        RawAnswer answer = server.Ask(Request("GET", "/"));
        Assert.That(answer["X-Request-Id"], Is.EqualTo(answer.Text));
        Assert.That(answer["X-Correlation-Id"], Is.EqualTo(answer.Text));
    }

    [Test]
    public void Options_without_sense_are_refused()
    {
        Assert.That(
            () => new RequestIdOptions { HeaderName = "X Request" }, Throws.ArgumentException);
        Assert.That(
            () => new RequestIdOptions { LengthMax = 0 },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new RequestIdOptions { LengthMax = 257 },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RequestIdOptions { LengthMax = 256 }, Throws.Nothing);
    }

    private static ServerFixture Serve(RequestIdOptions options) => new(app =>
    {
        app.UseRequestId(options);
        app.Get("/", request => Response.Text(request.State.Get(RequestIds.Key)));
    });
}
