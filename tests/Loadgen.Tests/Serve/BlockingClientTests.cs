using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Reactor.Testing;

namespace Loadgen.Tests.Serve;

/// <summary>
/// The blocking client in C beside loadgen, against the same server: what loadgen adds to a service
/// time. <c>bench/loadgen-accuracy</c> measures it more closely, with a core for each.
/// </summary>
[Category("External")]
public sealed partial class BlockingClientTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blocking-client-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Test]
    public void Both_clients_measure_the_same_delay()
    {
        string client = Compile();
        string program = BuiltPrograms.Find("loadgen", "loadgen");
        using ChildProcess server = ChildProcess.Start(
            program, "serve", "--listen", "127.0.0.1:0", "--delay", "3ms");
        string port = LastNumber().Match(server.ReadLine()).Value;

        ChildOutcome theirs = ChildProcess.Run(client, port, "100", "200");
        ChildOutcome ours = ChildProcess.Run(
            program, "-c", "1", "-d", "1s", "-L", "--quiet", $"http://127.0.0.1:{port}/");

        Assert.That(theirs.ExitCode, Is.Zero, theirs.Errors);
        Assert.That(theirs.Output, Does.StartWith("requests=180 "));
        double expected = Number(theirs.Output, @"service_p50_us=([\d.]+)");
        double measured = Number(ours.Output, @"\n +50% +([\d.]+)ms\n") * 1000;
        Assert.That(expected, Is.AtLeast(3000));
        // Both wait for the same timer of the server; a busy machine adds to either.
        Assert.That(measured, Is.EqualTo(expected).Within(500), ours.Output);
    }

    [Test]
    public void A_response_that_is_no_success_ends_the_client()
    {
        string client = Compile();
        using ChildProcess server = ChildProcess.Start(
            BuiltPrograms.Find("loadgen", "loadgen"), "serve", "--listen", "127.0.0.1:0");
        string port = LastNumber().Match(server.ReadLine()).Value;

        ChildOutcome run = ChildProcess.Run(client, port, "1000", "10", "no-target");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Errors, Does.StartWith("not a success: HTTP/1.1 400"));
    }

    private string Compile()
    {
        string program = Path.Combine(_folder.FullName, "blocking_client");
        ChildOutcome compiler = ChildProcess.Run(
            ExternalTool.Require("gcc", "build-essential"),
            "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, Source());
        Assert.That(compiler.ExitCode, Is.Zero, compiler.Errors);
        return program;
    }

    private static string Source([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "blocking_client.c");

    private static double Number(string text, string pattern) => double.Parse(
        Regex.Match(text, pattern).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+$")]
    private static partial Regex LastNumber();
}
