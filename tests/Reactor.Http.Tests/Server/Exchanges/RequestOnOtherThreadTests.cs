using System.Reflection;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// In debug mode a request rejects calls from a thread that is not its loop's: every property that
/// reads the head or the body, and every method.
/// </summary>
public class RequestOnOtherThreadTests
{
    // These never change, and belong to no request in particular.
    private static readonly string[] s_anyThread = ["Loop", "RemoteEndPoint", "MatchInfo"];

    private static IEnumerable<string> Properties() => typeof(Request)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(property => property.Name)
        .Except(s_anyThread);

    [TestCaseSource(nameof(Properties))]
    public void A_property_is_rejected_in_debug_mode(string name)
    {
        PropertyInfo property = typeof(Request).GetProperty(name)!;

        AssertRejected(request =>
        {
            try
            {
                property.GetValue(request);
            }
            catch (TargetInvocationException thrown)
            {
                throw thrown.InnerException!;
            }
        });
    }

    [Test]
    public void A_value_that_was_decoded_before_is_rejected_too() => AssertRejected(
        request => _ = request.Query, before: request => _ = request.Query);

    [Test]
    public void GetHeader_is_rejected() =>
        AssertRejected(request => request.GetHeader("Host"));

    [Test]
    public void SendEarlyHints_is_rejected() => AssertRejected(
        request => request.SendEarlyHints(new LinkHint("</style.css>; rel=preload")));

    [Test]
    public void On_the_loop_and_outside_debug_mode_nothing_is_rejected()
    {
        Assert.That(CallElsewhere(request => _ = request.Path, isDebug: false), Is.Null);
        Assert.That(
            CallElsewhere(_ => { }, isDebug: true, before: request => _ = request.Path), Is.Null);
    }

    private static void AssertRejected(Action<Request> call, Action<Request>? before = null) =>
        Assert.That(
            CallElsewhere(call, isDebug: true, before),
            Is.TypeOf<InvalidOperationException>()
                .With.Message.Contains("the thread of its loop"));

    private static Exception? CallElsewhere(
        Action<Request> call, bool isDebug, Action<Request>? before = null)
    {
        Exception? thrown = null;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            before?.Invoke(request);
            var thread = new Thread(() =>
            {
                try
                {
                    call(request);
                }
                catch (Exception error)
                {
                    thrown = error;
                }
            });
            thread.Start();
            thread.Join();
            return Response.Text("done");
        }));
        server.Loop.Debug = isDebug;
        Assert.That(server.Ask(Get("/?a=1")).Text, Is.EqualTo("done"));
        server.Loop.Debug = false;
        return thrown;
    }
}
