using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>The help, and the dispatch of commands.</summary>
public class HelpTests
{
    private static (int ExitCode, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        int exitCode = new LoadgenCommand(output, errors).Invoke(args);
        return (exitCode, output.ToString(), errors.ToString());
    }

    [TestCase("--help")]
    [TestCase("-h")]
    [TestCase("run", "--help")]
    public void Help_has_the_groups_in_order_with_every_option_and_examples(params string[] args)
    {
        (int exitCode, string output, string errors) = Run(args);

        Assert.That((exitCode, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("\n  loadgen <URL> [options]\n"));
        string[] headings = ["Description:", "Usage:", "Commands:", "Load:", "Request:",
            "Connections:", "Measurement:", "Judgement:", "Output:", "Other:", "Examples:"];
        Assert.That(
            headings.Select(one => output.IndexOf(one + "\n", StringComparison.Ordinal)),
            Is.Ordered.And.All.GreaterThanOrEqualTo(0));
        foreach (OptionGroup group in new RunOptions(TimeProvider.System).Groups)
        {
            foreach (var option in group.Options)
            {
                Assert.That(output, Does.Contain(option.Name));
                Assert.That(
                    option.Aliases.All(
                        alias => output.Contains(alias, StringComparison.Ordinal)),
                    option.Name);
            }
        }

        foreach (string command in (string[])["run", "serve", "doctor", "report", "merge"])
        {
            Assert.That(output, Does.Contain($"\n  {command} "));
        }

        Assert.That(output, Does.Not.Contain("--script"));
        Assert.That(output.Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(100));
    }

    [TestCase("serve")]
    [TestCase("doctor")]
    [TestCase("report")]
    [TestCase("merge")]
    public void Each_command_has_help(string command)
    {
        (int exitCode, string output, string errors) = Run(command, "--help");

        Assert.That((exitCode, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain(command));
    }

    [TestCase("-s", "pipeline.lua", "http://127.0.0.1/", "--", "16")]
    [TestCase("-d", "15", "-s", "pipeline.lua", "http://127.0.0.1/", "--", "16")]
    public void A_script_is_answered_with_the_option_for_pipelining(params string[] args) =>
        Assert.That(
            Run(args),
            Is.EqualTo((2, "", "loadgen: Lua scripts are not supported; for pipelining use -p 16. "
                + "Try --help.\n")));

    [Test]
    public void A_dry_run_connects_to_nothing()
    {
        (int exitCode, string output, string errors) = Run(
            "--dry-run", "-R", "5", "http://no-such-host.invalid/");

        Assert.That((exitCode, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith("target       GET http://no-such-host.invalid/\n"));
    }

    [Test]
    public void A_contradiction_is_a_usage_error() =>
        Assert.That(
            Run("--idle", "spin", "http://127.0.0.1/") is (2, "", var errors)
            && errors.StartsWith("loadgen: --idle spin needs", StringComparison.Ordinal)
            && errors.EndsWith(" Try --help.\n", StringComparison.Ordinal));
}
