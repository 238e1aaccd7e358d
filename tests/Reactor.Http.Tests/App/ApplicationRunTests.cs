using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A program of one line, <c>app.Run("127.0.0.1", 8000)</c>: what its user reads, and which driver
/// it runs on.
/// </summary>
[NonParallelizable]
[Platform("Linux,MacOsX", Reason = "It ends the program with a signal.")]
public sealed class ApplicationRunTests
{
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(7);

    private readonly List<string> _lines = [];

    [SetUp]
    public void ForgetLines() => _lines.Clear();

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void It_says_where_it_listens_and_how_to_stop_it(string driver)
    {
        string? answer = null;
        Answering(() => "hello").Run(
            "127.0.0.1", 0, driver: LoopDrivers.Create(driver), print: line =>
            {
                _lines.Add(line);
                if (_lines.Count == 2)
                {
                    EventLoop.Spawn(AskAndStop(_lines[0], text => answer = text));
                }
            });

        Assert.That(_lines, Has.Count.EqualTo(2));
        Assert.That(_lines[0], Does.Match(
            @"^Server started at http://127\.0\.0\.1:[1-9][0-9]*\.\.\.$"));
        Assert.That(_lines[1], Is.EqualTo("Press Ctrl+C to stop."));
        Assert.That(answer, Does.EndWith("\r\n\r\nhello"));
    }

    [TestCase("::1", "http://[::1]:")]
    [TestCase("[::1]", "http://[::1]:")]
    [TestCase("localhost", "http://localhost:")]
    public void The_line_is_a_url_that_a_browser_opens(string host, string begin)
    {
        if (host != "localhost" && !HasIpv6Loopback())
        {
            Assert.Ignore("this machine has no IPv6");
        }

        Answering(() => "").Run(host, 0, print: StopWhenServing);

        Assert.That(_lines[0], Does.StartWith("Server started at " + begin));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A_port_in_use_is_one_sentence_that_names_host_and_port(string driver)
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        int port = ((IPEndPoint)first.LocalEndpoint).Port;
        TextWriter before = Console.Error;
        using var error = new StringWriter();
        Console.SetError(error);
        try
        {
            Answering(() => "").Run(
                "127.0.0.1", port, driver: LoopDrivers.Create(driver), print: _lines.Add);
            Assert.That(Environment.ExitCode, Is.EqualTo(1));
        }
        finally
        {
            Console.SetError(before);
            Environment.ExitCode = 0;
        }

        string text = error.ToString();
        Assert.That(text, Does.Contain("127.0.0.1").And.Contain(Text(port)));
        Assert.That(text.TrimEnd().Split('\n'), Has.Length.EqualTo(1), text);
        Assert.That(text, Does.Not.Contain("Exception"));
        Assert.That(_lines, Is.Empty, "it says nothing of having started");
    }

    [Test]
    public void The_sockets_driver_is_the_default_and_the_loop_options_reach_the_loop()
    {
        EventLoop? seen = null;
        Application app = Answering(() => "");
        app.OnStartup.Add(async _ => seen = EventLoop.Current);
        app.Run(
            "127.0.0.1", 0, loopOptions: new EventLoopOptions { SlowCallbackDuration = s_slow },
            print: StopWhenServing);

        Assert.That(seen!.SlowCallbackDuration, Is.EqualTo(s_slow));
        Assert.That(seen.Driver.Name, Is.EqualTo("sockets"));
    }

    [TestCase("in-memory", false)]
    [TestCase("sockets", true)]
    public void The_driver_that_is_given_goes_before_that_of_the_loop_options(
        string expected, bool isGiven)
    {
        string? name = null;
        Application app = Answering(() => "");
        app.OnStartup.Add(async _ =>
        {
            name = EventLoop.Current.Driver.Name;
            throw new OperationCanceledException("the test has seen it");
        });
        using var unused = new InMemoryDriver();

        Assert.Throws<OperationCanceledException>(() => app.Run(
            "127.0.0.1", 0, driver: isGiven ? LoopDrivers.Sockets() : null,
            loopOptions: new EventLoopOptions { Driver = unused }, print: _lines.Add));
        Assert.That(name, Is.EqualTo(expected));
    }

    [Test]
    [Platform("Linux")]
    public void The_best_driver_of_linux_is_epoll()
    {
        using LoopDriver best = LoopDrivers.Best();
        Assert.That(best.Name, Is.EqualTo("epoll"));
    }

    private static Application Answering(Func<string> answer)
    {
        var app = new Application();
        app.Get("/", async Coroutine<Response> (_) => Response.Text(answer()));
        return app;
    }

    // The signals are heard when it prints, so the process of the tests stays alive.
    private void StopWhenServing(string line)
    {
        _lines.Add(line);
        if (_lines.Count == 2)
        {
            SendInterrupt();
        }
    }

    private static async Coroutine AskAndStop(string line, Action<string> heard)
    {
        var address = new Uri(line["Server started at ".Length..^3]);
        heard(await EventLoop.ToThread(() => Ask(address.Port)));
        SendInterrupt();
    }

    private static string Ask(int port)
    {
        using var client = new TcpClient("127.0.0.1", port);
        NetworkStream stream = client.GetStream();
        stream.Write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static void SendInterrupt() =>
        Assert.That(ChildProcess.Signal(Environment.ProcessId, "INT"));

    private static bool HasIpv6Loopback()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.IPv6Loopback, 0);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
