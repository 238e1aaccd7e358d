using CliWrap;
using CliWrap.Buffered;

namespace Bench.Tests;

/// <summary>What the scripts of bench say for --help and for a mistyped option.</summary>
public sealed class ScriptTests
{
    [TestCase("slow-clients", "[SECONDS [CONNECTIONS]]")]
    [TestCase("two-loops", "[ROUNDS]")]
    [TestCase("held-connections", "[SERVER [CONNECTIONS [SECONDS [DRIVER]]]]")]
    public async Task Help_shows_the_arguments_and_changes_nothing(string script, string arguments)
    {
        BufferedCommandResult run = await Run(script, "--help");

        Assert.That((run.ExitCode, run.StandardError), Is.EqualTo((0, "")));
        Assert.That(
            run.StandardOutput, Does.Match("(?i)^usage: bench/").And.Contain(arguments));
    }

    [TestCase("slow-clients", "x", "SECONDS must be a whole number from 1 to 3600, not 'x'")]
    [TestCase("slow-clients", "", "SECONDS must be a whole number from 1 to 3600, not ''")]
    [TestCase("slow-clients", "30 -1", "CONNECTIONS must be a whole number from 1 to 5000")]
    [TestCase("two-loops", "0", "ROUNDS must be a whole number from 1 to 100, not '0'")]
    [TestCase("two-loops", "-5", "ROUNDS must be a whole number from 1 to 100, not '-5'")]
    [TestCase("two-loops", "99999999999999999999", "from 1 to 100, not '99999999999999999999'")]
    [TestCase("two-loops", "1 2", "only one argument")]
    [TestCase("held-connections", "/bin/true x", "from 1 to 60000, not 'x'")]
    [TestCase("held-connections", "/bin/true 1 0", "from 1 to 3600, not '0'")]
    [TestCase("held-connections", "/bin/true 1 1 pigeon", "'epoll', 'sockets'")]
    public async Task A_wrong_value_is_answered_with_what_is_valid(
        string script, string arguments, string valid)
    {
        BufferedCommandResult run = await Run(script, arguments.Split(' '));

        Assert.That((run.ExitCode, run.StandardOutput), Is.EqualTo((2, "")));
        Assert.That(run.StandardError, Does.Contain(valid).And.Not.Contain("unbound"));
    }

    [TestCase("--rounds 0", "--rounds must be a whole number from 1 to 100, not '0'.")]
    [TestCase("--seconds 1.5", "--seconds must be a whole number from 1 to 600, not '1.5'.")]
    [TestCase("--connections -1", "--connections must be numbers from 1 to 60000")]
    [TestCase("--only pigeon", "--only must be names separated by commas, of floor, nginx")]
    [TestCase("--nope", "--nope")]
    public async Task A_wrong_option_of_the_comparison_is_one_sentence(
        string arguments, string valid)
    {
        BufferedCommandResult run = await Compare(arguments.Split(' '));

        Assert.That((run.ExitCode, run.StandardOutput), Is.EqualTo((2, "")));
        Assert.That(run.StandardError, Does.StartWith("bench/run: ").And.Contain(valid));
        Assert.That(run.StandardError.Trim(), Does.Not.Contain('\n').And.Not.Contain("System."));
    }

    [Test]
    public async Task The_help_of_the_comparison_names_the_script()
    {
        BufferedCommandResult run = await Compare("--help");

        Assert.That((run.ExitCode, run.StandardError), Is.EqualTo((0, "")));
        Assert.That(run.StandardOutput, Does.Contain("\n  bench/run [options]\n"));
    }

    private static async Task<BufferedCommandResult> Run(
        string script, params string[] arguments)
    {
        var root = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Reactor.sln")))
        {
            root = root.Parent!;
        }

        return await Cli.Wrap(Path.Combine(root.FullName, "bench", script))
            .WithArguments(arguments)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
    }

    private static async Task<BufferedCommandResult> Compare(params string[] arguments) =>
        await Cli.Wrap("dotnet")
            .WithArguments(["Reactor.Bench.dll", "compare", .. arguments])
            .WithWorkingDirectory(TestContext.CurrentContext.TestDirectory)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
}
