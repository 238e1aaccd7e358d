using System.Diagnostics;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// traceparent and tracestate by W3C Trace Context, sections 3.2, 3.3 and 4.2. The examples are
/// those of the Recommendation.
/// </summary>
public class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";
    private const string Valid = $"00-{Trace}-{Parent}-01";

    [TestCase(Valid, true)]
    [TestCase($"00-{Trace}-{Parent}-00", false)]
    [TestCase($"00-{Trace}-{Parent}-03", true)] // unknown flags are ignored
    [TestCase($"00-{Trace}-{Parent}-fe", false)]
    [TestCase($"cc-{Trace}-{Parent}-01", true)] // a later version
    [TestCase($"cc-{Trace}-{Parent}-01-what-the-future-brings", true)]
    public void A_valid_parent_is_read(string header, bool isSampled)
    {
        ActivityContext context = Read($"traceparent: {header}");

        Assert.That($"{context.TraceId}", Is.EqualTo(Trace));
        Assert.That($"{context.SpanId}", Is.EqualTo(Parent));
        Assert.That(context.TraceFlags == ActivityTraceFlags.Recorded, Is.EqualTo(isSampled));
        Assert.That(context.IsRemote);
    }

    [TestCase("")]
    [TestCase($"ff-{Trace}-{Parent}-01")]
    [TestCase($"00-{Trace}-{Parent}-01-more")]
    [TestCase($"00-{Trace}-{Parent}-0")]
    [TestCase($"00-{Trace}-{Parent}-011")]
    [TestCase($"cc-{Trace}-{Parent}-01.more")]
    [TestCase($"0-{Trace}-{Parent}-01")]
    [TestCase($"00-00000000000000000000000000000000-{Parent}-01")]
    [TestCase($"00-{Trace}-0000000000000000-01")]
    [TestCase("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [TestCase($"00-{Trace}-B7AD6B7169203331-01")]
    [TestCase($"0X-{Trace}-{Parent}-01")]
    [TestCase($"00-{Trace}-{Parent}-0G")]
    [TestCase($"00_{Trace}-{Parent}-01")]
    [TestCase($"00-{Trace}_{Parent}-01")]
    [TestCase($"00-{Trace}-{Parent}_01")]
    [TestCase($"{Valid}, {Valid}")]
    public void A_malformed_parent_counts_as_none_and_so_does_its_state(string header)
    {
        Assert.That(
            Read($"traceparent: {header}", "tracestate: a=1"),
            Is.EqualTo(default(ActivityContext)));
    }

    [Test]
    public void Two_parents_count_as_none()
    {
        Assert.That(
            Read($"traceparent: {Valid}", $"traceparent: {Valid}"),
            Is.EqualTo(default(ActivityContext)));
        Assert.That(Read("x: y"), Is.EqualTo(default(ActivityContext)));
    }

    [Test]
    public void Any_wrong_byte_of_a_parent_makes_it_invalid()
    {
        for (int i = 0; i < Valid.Length; i++)
        {
            string wrong = $"{Valid[..i]}g{Valid[(i + 1)..]}";
            Assert.That(
                Read($"traceparent: {wrong}"), Is.EqualTo(default(ActivityContext)), wrong);
            Assert.That(
                Read($"traceparent: {Valid[..i]}"), Is.EqualTo(default(ActivityContext)), $"{i}");
        }
    }

    [TestCase("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")]
    [TestCase("vendorname1=opaqueValue1")]
    [TestCase("fw529a3039@dt=FfAAAAAAAA")]
    [TestCase("0tenant@system=1")]
    [TestCase("a_-*/0=x y!~")]
    [TestCase("")]
    public void A_valid_state_is_kept(string state) => Assert.That(
        StateOf($"tracestate: {state}"), Is.EqualTo(state.Length == 0 ? null : state));

    [Test]
    public void Several_state_fields_are_one_list_in_order_without_empty_members() => Assert.That(
        StateOf("tracestate: a=1 , ,b=2", "tracestate:", "tracestate: c=3,"),
        Is.EqualTo("a=1,b=2,c=3"));

    [TestCase("a")]
    [TestCase("a=")]
    [TestCase("=1")]
    [TestCase("A=1")]
    [TestCase("0a=1")]
    [TestCase("a.b=1")]
    [TestCase("a=1=2")]
    [TestCase("a=\u00e9")]
    [TestCase("a=x\ty")]
    [TestCase("a=1,a=2")]
    [TestCase("a@=1")]
    [TestCase("@b=1")]
    [TestCase("a@0b=1")]
    [TestCase("a@b@c=1")]
    [TestCase("ok=1,a")]
    public void A_malformed_state_is_dropped_and_the_trace_continues(string state)
    {
        ActivityContext context = Read($"traceparent: {Valid}", $"tracestate: {state}");

        Assert.That($"{context.TraceId}", Is.EqualTo(Trace));
        Assert.That(context.TraceState, Is.Null);
    }

    [Test]
    public void The_limits_of_a_state_are_exact()
    {
        Assert.That(StateOf(Members(32)), Is.Not.Null);
        Assert.That(StateOf(Members(33)), Is.Null);
        Assert.That(StateOf(Key(256)), Is.Not.Null);
        Assert.That(StateOf(Key(257)), Is.Null);
        Assert.That(StateOf($"tracestate: {new string('a', 241)}@b=1"), Is.Not.Null);
        Assert.That(StateOf($"tracestate: {new string('a', 242)}@b=1"), Is.Null);
        Assert.That(StateOf($"tracestate: a@{new string('b', 14)}=1"), Is.Not.Null);
        Assert.That(StateOf($"tracestate: a@{new string('b', 15)}=1"), Is.Null);
        Assert.That(StateOf($"tracestate: a={new string('1', 256)}"), Is.Not.Null);
        Assert.That(StateOf($"tracestate: a={new string('1', 257)}"), Is.Null);

        static string Key(int length) => $"tracestate: {new string('a', length)}=1";

        static string Members(int count) => "tracestate: "
            + string.Join(',', Enumerable.Range(0, count).Select(i => $"k{i}={i}"));
    }

    private static string? StateOf(params string[] fields) =>
        Read([$"traceparent: {Valid}", .. fields]).TraceState;

    private static ActivityContext Read(params string[] fields)
    {
        var head = new RequestHead();
        byte[] bytes = Encoding.Latin1.GetBytes(
            $"GET / HTTP/1.1\r\nHost: test\r\n{string.Join("\r\n", fields)}\r\n\r\n");
        Assert.That(
            new RequestParser(ParserLimits.Default).Parse(bytes, head, out _),
            Is.EqualTo(ParseStatus.Done));
        return TraceContext.Read(head);
    }
}
