using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Reactor.Bench.Servers;
using Reactor.Testing;

namespace Bench.Tests;

/// <summary>What the scripts of bench say for --help and for a mistyped option.</summary>
public sealed class ScriptTests
{
    [TestCase("slow-clients", "[SECONDS [CONNECTIONS]]")]
    [TestCase("two-loops", "[ROUNDS]")]
    [TestCase("held-connections", "[SERVER [CONNECTIONS [SECONDS [DRIVER]]]]")]
    [TestCase("stopped-server", "[--only NAMES]")]
    [TestCase("loadgen-accuracy", "[--only PARTS]")]
    [TestCase("learn-times", "learn check")]
    [TestCase("inspector", "[--rounds ROUNDS]")]
    public void Help_shows_the_arguments_and_changes_nothing(string script, string arguments)
    {
        ChildOutcome run = Run(script, "--help");

        Assert.That((run.ExitCode, run.Errors), Is.EqualTo((0, "")));
        Assert.That(
            run.Output, Does.Match("(?i)^usage: bench/").And.Contain(arguments));
    }

    [TestCase("slow-clients", "x", "SECONDS must be a whole number from 1 to 3600, not 'x'")]
    [TestCase("slow-clients", "", "SECONDS must be a whole number from 1 to 3600, not ''")]
    [TestCase("slow-clients", "30 -1", "CONNECTIONS must be a whole number from 1 to 5000")]
    [TestCase("slow-clients", "--nope", "there is no option '--nope'")]
    [TestCase("two-loops", "--nope", "there is no option '--nope'")]
    [TestCase("held-connections", "--nope", "--nope")]
    [TestCase("two-loops", "0", "ROUNDS must be a whole number from 1 to 100, not '0'")]
    [TestCase("two-loops", "-5", "ROUNDS must be a whole number from 1 to 100, not '-5'")]
    [TestCase("two-loops", "99999999999999999999", "from 1 to 100, not '99999999999999999999'")]
    [TestCase("two-loops", "1 2", "only one argument")]
    [TestCase("held-connections", "/bin/true x", "from 1 to 60000, not 'x'")]
    [TestCase("held-connections", "/bin/true 1 0", "from 1 to 3600, not '0'")]
    [TestCase("held-connections", "/bin/true 1 1 pigeon", "'epoll', 'sockets'")]
    [TestCase("stopped-server", "--only pigeon", "h2load, wrk, not 'pigeon'")]
    [TestCase("stopped-server", "--nope", "--nope")]
    [TestCase("loadgen-accuracy", "--only pigeon", "service, little, start, not 'pigeon'")]
    [TestCase("learn-times", "--nope", "there is no argument '--nope'")]
    [TestCase("loadgen-accuracy", "--pairs 0", "from 1 to 100, not '0'")]
    [TestCase("inspector", "--rounds 0", "from 1 to 100, not '0'")]
    [TestCase("inspector", "--driver pigeon", "'epoll', 'sockets'")]
    public void A_wrong_value_is_answered_with_what_is_valid(
        string script, string arguments, string valid)
    {
        ChildOutcome run = Run(script, arguments.Split(' '));

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Errors, Does.Contain(valid).And.Not.Contain("unbound"));
    }

    [TestCase("--rounds 0", "--rounds must be a whole number from 1 to 100, not '0'.")]
    [TestCase("--seconds 1.5", "--seconds must be a whole number from 1 to 600, not '1.5'.")]
    [TestCase("--connections -1", "--connections must be numbers from 1 to 60000")]
    [TestCase("--only pigeon", "--only must be names separated by commas, of floor, nginx")]
    [TestCase("--figures pigeon", "--figures must be names separated by commas, of starts, ")]
    [TestCase("--before pigeon", "commit, tag or branch of this repository, not 'pigeon'.")]
    [TestCase("--before HEAD:bench", "of this repository, not 'HEAD:bench'.")]
    [TestCase("--only before", "--only before needs --before REVISION.")]
    [TestCase("--nope", "--nope")]
    public void A_wrong_option_of_the_comparison_is_one_sentence(
        string arguments, string valid)
    {
        ChildOutcome run = Compare(arguments.Split(' '));

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Errors, Does.StartWith("bench/run: ").And.Contain(valid));
        Assert.That(run.Errors.Trim(), Does.Not.Contain('\n').And.Not.Contain("System."));
    }

    [TestCase("-h")]
    [TestCase("--help")]
    [TestCase("--rounds 2 --help")]
    public void The_help_of_the_comparison_comes_without_a_build_and_names_each_option(
        string arguments)
    {
        ChildOutcome run = Run("run", arguments.Split(' '));

        Assert.That((run.ExitCode, run.Errors), Is.EqualTo((0, "")), "nothing is built");
        Assert.That(run.Output, Does.StartWith("Usage: bench/run "));
        foreach (Option option in new CompareCommand().Options)
        {
            Assert.That(run.Output, Does.Contain($"  {option.Name} "));
        }

        var defaults = new CompareOptions();
        Assert.That(
            Regex.Replace(run.Output, "\\s+", " "),
            Does.Contain($"of {string.Join(", ", PeerCatalog.Keys)} [default: all but headers]")
                .And.Contain($"of {string.Join(", ", CompareOptions.AllFigures)} [default: all]")
                .And.Contain($"1 to 100 [default: {defaults.Rounds}]")
                .And.Contain($"1 to 600 [default: {defaults.Seconds}]")
                .And.Contain($"commas [default: {string.Join(',', defaults.Connections)}]"));
    }

    [TestCase("--nope", "There is no option '--nope'.")]
    [TestCase("--rounds 1 -x", "There is no option '-x'.")]
    [TestCase("--pinned --quick --unpinned", "--pinned and --unpinned exclude each other")]
    public void A_wrong_option_of_the_script_is_refused_before_it_builds(
        string arguments, string sentence)
    {
        ChildOutcome run = Run("run", arguments.Split(' '));

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Errors, Does.StartWith("bench/run: ").And.Contain(sentence));
        Assert.That(run.Errors, Does.Not.Contain("Building"));
    }

    private static ChildOutcome Run(string script, params string[] arguments)
    {
        var root = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Reactor.sln")))
        {
            root = root.Parent!;
        }

        return ChildProcess.Run(Path.Combine(root.FullName, "bench", script), arguments);
    }

    private static ChildOutcome Compare(params string[] arguments)
    {
        using ChildProcess compare = ChildProcess.Start(
            new ProcessStartInfo("dotnet", ["Reactor.Bench.dll", "compare", .. arguments])
            {
                WorkingDirectory = TestContext.CurrentContext.TestDirectory,
            });
        return compare.Finish();
    }
}
