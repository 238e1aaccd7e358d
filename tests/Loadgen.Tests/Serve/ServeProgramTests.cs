using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>
/// <c>loadgen serve</c> as a program on real sockets: its lines, its end and its exit codes.
/// </summary>
public sealed partial class ServeProgramTests
{
    [TestCase("INT")]
    [TestCase("TERM")]
    public void It_prints_its_url_serves_and_sums_up_at_a_signal(string signal)
    {
        using ChildProcess server = Start("--listen", "127.0.0.1:0", "--delay", "1ms");
        int port = PortOf(server.ReadLine());

        Assert.That(Exchange(port, TargetWorld.Get), Is.EqualTo(TargetWorld.Ok));
        Assert.That(Exchange(port, "nonsense\r\n\r\n"), Does.StartWith("HTTP/1.1 400 "));
        server.Signal(signal);

        ChildOutcome end = server.Finish();
        Assert.That(end.ExitCode, Is.Zero, end.Errors);
        Assert.That(
            end.Output,
            Does.Match(@"\nServed 1 requests on 2 connections in \d+\.\d\ds, 1 rejected\n$"));
        Assert.That(end.Errors, Is.Empty);
    }

    [Test]
    public void Stamps_are_written_and_their_gaps_printed()
    {
        string file = Path.GetTempFileName();
        using ChildProcess server = Start(
            "--listen", "127.0.0.1:0", "--stamp", file, "--expect-rate", "1k");
        int port = PortOf(server.ReadLine());
        for (int i = 0; i < 3; i++)
        {
            Exchange(port, TargetWorld.Get);
        }

        server.Signal("TERM");
        string[] lines = server.Finish().Output.TrimEnd().Split('\n');
        long[] instants = [.. File.ReadLines(file).Select(Nanoseconds)];
        File.Delete(file);

        Assert.That(instants, Has.Length.EqualTo(3).And.Ordered);
        Assert.That(instants[0], Is.Zero);
        Assert.That(lines[^2], Does.Match(@"^Gaps of 3 arrivals: p50 [\d.]+us, p99 [\d.]+us, max"));
        Assert.That(lines[^1], Does.Match(@"^Distances from 1/1000s: p50 [\d.]+us, p99 [\d.]+us"));
    }

    [TestCase(2, "--delay must be a time such as 5ms", "--delay", "soon")]
    [TestCase(2, "--delay must be", "--delay", "bimodal:1ms,2ms,100")]
    [TestCase(2, "--limit must be a rate", "--limit", "0")]
    [TestCase(2, "--listen must be an address", "--listen", "127.0.0.1")]
    [TestCase(2, "--listen must be an address", "--listen", "::1")]
    [TestCase(2, "--expect-rate needs --stamp FILE", "--expect-rate", "5")]
    [TestCase(2, "no option '--nope'", "--nope")]
    [TestCase(3, "Cannot listen on 203.0.113.1:9999: this", "--listen", "203.0.113.1:9999")]
    [TestCase(1, "could not be written", "--stamp", "/no/such/folder/file")]
    public void A_mistake_is_one_sentence_and_an_exit_code(
        int exitCode, string words, params string[] arguments)
    {
        using ChildProcess server = Start(arguments);
        ChildOutcome end = server.Finish();

        Assert.That(end.ExitCode, Is.EqualTo(exitCode), end.Errors);
        Assert.That(end.Output, Is.Empty);
        Assert.That(end.Errors, Does.StartWith("loadgen: ").And.Contain(words));
        Assert.That(end.Errors.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void Help_names_the_command_and_its_options()
    {
        using ChildProcess server = Start("--help");

        Assert.That(
            server.Finish().Output,
            Does.Contain("loadgen serve [options]").And.Contain("bimodal:TIME,TIME,PERCENT"));
    }

    [Test]
    [Category("Slow")]
    public void T2_on_real_sockets_the_constant_delay_is_the_shortest_service_time()
    {
        using ChildProcess server = Start("--listen", "127.0.0.1:0", "--delay", "5ms");
        int port = PortOf(server.ReadLine());
        ChildOutcome run = ChildProcess.Run(
            BuiltPrograms.Find("loadgen", "loadgen"),
            "-c", "8", "-d", "2s", "-L", "--quiet", $"http://127.0.0.1:{port}/");

        double p50 = double.Parse(
            Regex.Match(run.Output, @"\n +50% +([\d.]+)ms\n").Groups[1].Value,
            CultureInfo.InvariantCulture);
        // The kernel's timers add at most their slack of 50 us; a busy machine adds more.
        Assert.That(p50, Is.InRange(5.0, 7.0), run.Output);
    }

    [Test]
    [Category("Slow")]
    public void T5_the_server_sees_the_gaps_of_the_asked_rate()
    {
        const int rate = 2000;
        string file = Path.GetTempFileName();
        using ChildProcess server = Start("--listen", "127.0.0.1:0", "--stamp", file);
        int port = PortOf(server.ReadLine());
        ChildOutcome run = ChildProcess.Run(
            BuiltPrograms.Find("loadgen", "loadgen"),
            "-R", "2k", "-c", "16", "-w", "1s", "-d", "3s", "--quiet",
            $"http://127.0.0.1:{port}/");
        server.Signal("TERM");
        server.Finish();
        // Without the first second, in which both programs are compiled.
        TimeSpan[] instants =
        [
            .. File.ReadLines(file).Skip(rate)
                .Select(line => TimeSpan.FromTicks(Nanoseconds(line) / 100)),
        ];
        File.Delete(file);

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        Assert.That(instants, Has.Length.EqualTo(3 * rate));
        ArrivalGaps distances = ArrivalGaps.Of(instants, TimeSpan.FromSeconds(1.0 / rate));
        TestContext.Out.WriteLine($"|gap - 1/{rate}s|: {distances.Text()}");
        // Half a gap: the rhythm is that of the schedule. Both programs share the cores with others
        // and wait for their time slices of some 3 ms; bench/loadgen-accuracy has them to itself.
        Assert.That(distances.Middle, Is.LessThan(TimeSpan.FromSeconds(0.5 / rate)));
        Assert.That(distances.High, Is.LessThan(TimeSpan.FromMilliseconds(20)));
        Assert.That(
            (instants[^1] - instants[0]).TotalSeconds,
            Is.EqualTo((instants.Length - 1.0) / rate).Within(0.01));
    }

    private static string Exchange(int port, string request)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, port);
        using var reader = new StreamReader(client.GetStream());
        reader.BaseStream.Write(Encoding.ASCII.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        return reader.ReadToEnd();
    }

    private static long Nanoseconds(string line) =>
        long.Parse(line, CultureInfo.InvariantCulture);

    private static ChildProcess Start(params string[] arguments) => ChildProcess.Start(
        BuiltPrograms.Find("loadgen", "loadgen"), ["serve", .. arguments]);

    private static int PortOf(string line) => int.Parse(
        Listening().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Listening on http://127\.0\.0\.1:(\d+)$")]
    private static partial Regex Listening();
}
