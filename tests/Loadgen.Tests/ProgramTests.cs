using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Testing;

namespace Loadgen.Tests;

/// <summary>
/// The real programs on real sockets: loadgen against reactor. What they say, where they say it,
/// and with which exit code they end.
/// </summary>
public sealed partial class ProgramTests : IDisposable
{
    private readonly ChildProcess _server;
    private readonly string _url;

    public ProgramTests()
    {
        _server = Start(
            "server", "reactor", "--listen", "http://127.0.0.1:0", "--log-level", "Error");
        _url = Url().Match(_server.ReadLine()).Value;
    }

    public void Dispose() => _server.Dispose();

    [Test]
    public void A_run_reports_what_it_measured()
    {
        ChildOutcome run = Run("-c", "4", "-d", "1", "-w", "200ms", "-L", _url + "/plaintext");

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        Assert.That(run.Output, Does.StartWith($"Running 1s test @ {_url}/plaintext\n"));
        Assert.That(
            run.Output, Does.Contain("\n  1 threads and 4 connections\n  Thread Stats   Avg"));
        Assert.That(run.Output, Does.Contain("\n  Latency Distribution\n     50%"));
        Assert.That(run.Output, Does.Not.Contain("Socket errors").And.Not.Contain("Non-2xx"));
        Assert.That(Number(run.Output, @"Requests/sec: +([\d.]+)"), Is.Positive);
        Match books = Books().Match(run.Output);
        Assert.That(books.Success, run.Output);
        Assert.That(books.Groups[1].Value, Is.EqualTo(books.Groups[2].Value));
        Assert.That(run.Errors, Does.Match(@"^ +1s +\d+ responses/s  p99 so far"));
    }

    [Test]
    public void The_word_run_and_the_words_of_others_are_understood()
    {
        ChildOutcome run = Run(
            "run", "-H", "Host: x", "-H", "Accept: a,b;q=0.1", "-H", "Connection: keep-alive",
            "--latency", "-d", "300ms", "-c", "2", "--timeout", "8", "-t", "1", "--quiet",
            _url + "/bytes/100000");

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        Assert.That(run.Errors, Is.Empty);
    }

    [TestCase(new[] { "--pipeline", "16" }, "/plaintext")]
    [TestCase(new[] { "-H", "Connection: close" }, "/json")]
    [TestCase(new[] { "-m", "HEAD" }, "/plaintext")]
    [TestCase(new[] { "-m", "POST" }, "/echo")]
    [TestCase(new[] { "--driver", "sockets" }, "/plaintext")]
    [TestCase(new[] { "--driver", "sockets", "--no-inline" }, "/plaintext")]
    [TestCase(new[] { "--driver", "Epoll" }, "/plaintext")]
    public void Requests_of_every_kind_are_answered(string[] arguments, string path)
    {
        ChildOutcome run = Run([.. arguments, "-d", "300ms", "-c", "3", "--quiet", _url + path]);

        Assert.That(run.ExitCode, Is.Zero, run.Errors + run.Output);
        Assert.That(run.Output, Does.Not.Contain("Socket errors").And.Not.Contain("Non-2xx"));
    }

    [Test]
    public void A_page_that_is_not_there_is_no_success()
    {
        ChildOutcome run = Run("-d", "200ms", "-c", "1", "--quiet", _url + "/nothing");

        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Output, Does.Contain("  Non-2xx or 3xx responses: "));
        Assert.That(run.Errors, Does.StartWith("loadgen: no response with a status of 2xx or 3xx"));
    }

    [TestCase(3, "no server listens", "http://127.0.0.1:1/")]
    [TestCase(3, "not known", "http://no-such-host.invalid/")]
    [TestCase(2, "https", "https://127.0.0.1/")]
    [TestCase(2, "URL must be http://HOST:PORT/PATH", "127.0.0.1")]
    [TestCase(2, "URL", "-c", "3")]
    [TestCase(2, "no option '--nope'", "--nope", "http://127.0.0.1/")]
    [TestCase(2, "such as 10s, 2m", "-d", "soon", "http://127.0.0.1/")]
    [TestCase(2, "such as 10s, 2m", "-w", "", "http://127.0.0.1/")]
    [TestCase(2, "from 1 to 65535", "-c", "99999999999999999999", "http://127.0.0.1/")]
    [TestCase(2, "-T needs a value: TIME", "http://127.0.0.1/", "-T")]
    [TestCase(2, "body", "-d", "{\"a\":1}", "http://127.0.0.1/")]
    [TestCase(
        2, "only for --driver sockets", "--driver", "epoll", "--no-inline", "http://127.0.0.1/")]
    [TestCase(2, "--driver must be one of", "--driver", "pigeon", "http://127.0.0.1/")]
    [TestCase(2, "'sockets', 'epoll'", "--driver", "", "http://127.0.0.1/")]
    [TestCase(2, "from 1 to 64", "-t", "65", "http://127.0.0.1/")]
    [TestCase(2, "needs a rate", "--on-full", "drop", "http://127.0.0.1/")]
    [TestCase(2, "in the past", "--start-at", "2001-01-01T00:00:00Z", "http://127.0.0.1/")]
    [TestCase(2, "could not be read", "-b", "@/no/such/file", "http://127.0.0.1/")]
    [TestCase(1, "cannot write /no/such/a.json: ", "-o", "json=/no/such/a.json",
        "http://127.0.0.1:1/")]
    [TestCase(3, "no server listens on the socket", "--unix-socket", "/tmp/no-such-socket",
        "http://127.0.0.1/")]
    [TestCase(2, "-p 16", "-s", "pipeline.lua", "http://127.0.0.1/", "--", "16")]
    public void A_mistake_is_one_sentence_and_an_exit_code(
        int exitCode, string words, params string[] arguments)
    {
        ChildOutcome run = Run(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(exitCode));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Errors, Does.StartWith("loadgen: ").And.Contain(words));
        Assert.That(
            run.Errors,
            exitCode == 2 ? Does.EndWith(" Try --help.\n") : Does.Not.Contain("--help"));
        Assert.That(run.Errors.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("-d", "100ms", "-w", "0s", "-c", "1", "--quiet")]
    [TestCase("--help")]
    public void A_report_that_cannot_be_written_is_no_bug_of_the_program(params string[] arguments)
    {
        string[] all = arguments is ["--help"] ? arguments : [.. arguments, _url + "/plaintext"];
        string program = BuiltPrograms.Find("loadgen", "loadgen");
        ChildOutcome run = ChildProcess.Run(
            "sh", ["-c", "exec \"$@\" > /dev/full", "sh", program, .. all]);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Errors, Does.StartWith("loadgen: the report could not be written: "));
        Assert.That(run.Errors, Does.Not.Contain("bug").And.Not.Contain("   at "));
    }

    [TestCase("-d", "100ms", "-w", "0s", "-c", "1", "--quiet")]
    [TestCase("--help")]
    public void A_report_to_a_closed_output_is_no_success(params string[] arguments)
    {
        string[] all = arguments is ["--help"] ? arguments : [.. arguments, _url + "/plaintext"];
        ChildOutcome run = ChildProcess.Run(
            "sh",
            ["-c", "exec \"$@\" >&-", "sh", BuiltPrograms.Find("loadgen", "loadgen"), .. all]);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Errors, Does.StartWith(
            "loadgen: the report could not be written: standard output is closed.\n"));
    }

    [Test]
    public void A_run_that_ends_before_its_number_says_so()
    {
        ChildOutcome run = Run(
            "-n", "10k", "-R", "20", "-d", "100ms", "-w", "0s", "--quiet", _url + "/plaintext");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(
            run.Errors, Is.EqualTo("loadgen: the run ended with 2 of the 10000 requests of -n.\n"));
    }

    [Test]
    public void A_word_that_is_no_command_is_answered_with_the_commands() => Assert.That(
        Run("search").Errors, Does.Contain("The commands are serve, doctor, report, merge."));

    [Test]
    public void A_mistake_has_its_exit_code_also_if_standard_error_is_full() => Assert.That(
        ChildProcess.Run(
            "sh",
            "-c",
            "exec \"$@\" 2> /dev/full",
            "sh",
            BuiltPrograms.Find("loadgen", "loadgen"),
            "-d",
            "soon",
            "http://127.0.0.1/").ExitCode,
        Is.EqualTo(2));

    [TestCase("--help")]
    [TestCase("run", "--help")]
    public void The_usage_line_is_what_can_be_typed(params string[] arguments) => Assert.That(
        Run(arguments).Output, Does.Contain("\n  loadgen <URL> [options]\n"));

    [Test]
    public void Help_and_version_are_answers_and_no_mistakes()
    {
        Assert.That(Run("--help") is { ExitCode: 0, Errors: "" } help
            && help.Output.Contains("--connections", StringComparison.Ordinal));
        Assert.That(Run("--version") is { ExitCode: 0, Errors: "" } version
            && version.Output.StartsWith("0.", StringComparison.Ordinal));
    }

    [Test]
    public void An_interrupt_brings_the_report_and_exit_code_105()
    {
        using ChildProcess run = Start(
            "loadgen", "loadgen", "-d", "60s", "-c", "2", _url + "/plaintext");
        run.ReadErrorLine(); // the first second's line: it measures
        run.Signal("INT");

        Assert.That(run.WaitForExit(), Is.EqualTo(105));
        Assert.That(run.Output, Does.Contain("Requests/sec:").And.Contain("\nInterrupted"));
    }

    [Test]
    [Category("External")]
    public void Wrk_sees_half_our_rate_to_twice_our_rate()
    {
        string wrk = ExternalTool.Require("wrk", "wrk");
        double theirs = 0;
        double ours = 0;
        // By turns, and the best of three: what else the machine does only takes away.
        for (int i = 0; i < 3; i++)
        {
            theirs = Math.Max(theirs, Rate(
                ChildProcess.Run(wrk, "-t1", "-c16", "-d1s", _url + "/plaintext")));
            ours = Math.Max(ours, Rate(
                Run("-c", "16", "-d", "1s", "--quiet", _url + "/plaintext")));
        }

        Assert.That(ours / theirs, Is.InRange(0.5, 2.0), $"{ours} and {theirs} requests/s");

        static double Rate(ChildOutcome run) => Number(run.Output, @"Requests/sec: +([\d.]+)");
    }

    private static ChildOutcome Run(params string[] arguments)
    {
        using ChildProcess run = Start("loadgen", "loadgen", arguments);
        return run.Finish();
    }

    private static ChildProcess Start(string project, string program, params string[] arguments) =>
        ChildProcess.Start(BuiltPrograms.Find(project, program), arguments);

    private static double Number(string text, string pattern) => double.Parse(
        Regex.Match(text, pattern).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"http://[\d.:]+\d")]
    private static partial Regex Url();

    [GeneratedRegex(@"Accounting  (\d+) scheduled = (\d+) ok .* \+ 0 in flight\n")]
    private static partial Regex Books();
}
