using System.Net.Sockets;
using Reactor.Testing;

namespace Loadgen.Tests.Real;

/// <summary>
/// T7: whatever a server does, every scheduled request is in exactly one row. The program against
/// real sockets, the rows read from its JSON: 500/s for 2 s are 1000 requests.
/// </summary>
public sealed class T7ConservationTests
{
    private const int Scheduled = 1000;
    private const int Good = 300;

    private static readonly string[] s_load =
    [
        "-R", "500", "-d", "2s", "-c", "8", "-w", "0s", "--timeout", "1s", "--drain", "500ms",
    ];

    // The request of the program with that Host field.
    private const string Host = "Host: x";
    private const string Request = $"GET / HTTP/1.1\r\n{Host}\r\n\r\n";

    [TestCaseSource(nameof(Faults))]
    public void T7_requests_of_a_faulty_server_are_conserved(
        Action<Socket> fault, string cause, string words)
    {
        using var server = new FaultyServer(Request.Length, Good, fault);
        string url = $"http://127.0.0.1:{server.Port}/";
        using var run = new LoadgenRun([.. s_load, "--strict", "--quiet", "-H", Host, url]);

        LoadgenRun.End end = run.Finish();

        end.AssertConserved();
        Assert.That(end.Measured("scheduled"), Is.EqualTo(Scheduled), end.Text);
        Assert.That(end.Measured("ok"), Is.EqualTo(Good), "as many as the server answered");
        Assert.That(end.Failures(cause), Is.Positive, end.Text);
        Assert.That(
            end.Measured(cause == "timeout" ? "timeout" : "io"),
            Is.GreaterThanOrEqualTo(end.Failures(cause)),
            end.Text);
        Assert.That(end.Example(cause) ?? "", Does.Contain(words), end.Text);
        Assert.That(end.Program.Output, Does.Contain($" {cause}: "), "the text names it, too");
        // It answered a part and its port stays open, so the measurement is what is not valid.
        Assert.That(end.Program.ExitCode, Is.EqualTo(4), end.Text);
        Assert.That(end.Verdict, Is.Not.EqualTo("VALID"), end.Text);
    }

    [Test]
    public void T7_requests_to_a_killed_server_are_conserved()
    {
        using ChildProcess server = LoadgenRun.StartServer(out string url);
        using var run = new LoadgenRun([.. s_load, url]);
        run.WaitForSecond(1);
        server.Kill();

        LoadgenRun.End end = run.Finish();

        end.AssertConserved();
        Assert.That(end.Measured("scheduled"), Is.EqualTo(Scheduled), end.Text);
        Assert.That(end.Measured("ok"), Is.InRange(300, 999), end.Text);
        Assert.That(end.Failures("connect-refused"), Is.Positive, end.Text);
        Assert.That(end.Example("connect-refused"), Is.Not.Null.And.Not.Empty, end.Text);
        Assert.That(end.Program.ExitCode, Is.EqualTo(3), end.Text);
        Assert.That(
            end.Program.Errors, Does.Match(@"loadgen: the server went away at [12]\.\d s\.\n$"));
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Case(string name, Action<Socket> fault, string cause, string words) =>
            new TestCaseData(fault, cause, words).SetArgDisplayNames(name);

        yield return Case("reset", Reset, "reset", " after ");
        yield return Case(
            "half-close before the response", EndSending, "eof-before-response", " after ");
        yield return Case(
            "half-close within the response", EndWithin, "truncated-response", " after ");
        yield return Case("silence", static _ => { }, "timeout", "within 1 s; 0 bytes");
        yield return Case("garbage", Garble, "parse", @"\x00\x01garbage");
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    private static void EndSending(Socket socket) => socket.Shutdown(SocketShutdown.Send);

    private static void EndWithin(Socket socket)
    {
        FaultyServer.Send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
        socket.Shutdown(SocketShutdown.Send);
    }

    private static void Garble(Socket socket) =>
        FaultyServer.Send(socket, "\0\u0001garbage \u00ff and no response\r\n\r\n");
}
