// .ci/run with programs that only pretend: the sums, the failed tests, and what makes it fail.

using System.Diagnostics;
using Reactor.Testing;

namespace Repository.Tests;

[TestFixture]
public sealed class CiRunTests
{
    // The words of FAKE name projects: one with a failed test, one without results, a verb that
    // fails. A pretended `dotnet test` writes results where the logger is told to.
    private const string Dotnet = """
        #!/bin/sh
        case " $FAKE " in *" $1 "*) exit 3;; esac
        [ "$1" = test ] || exit 0
        case " $FAKE " in *" ${2##*/}:crashed "*) echo 'It crashes.'; exit 134;; esac
        for argument in "$@"; do
          case $argument in trx*) file=${argument#*=};; esac
        done
        code=0 passed=2 failed=0 outcome=Passed
        case " $FAKE " in *" ${2##*/}:failed "*) code=1 passed=1 failed=1 outcome=Failed;; esac
        cat > "$file" << END
        <TestRun>
          <Results>
            <UnitTestResult testId="1" testName="Right" outcome="Passed" />
            <UnitTestResult testId="2" testName="Is(&quot;a&amp;b&quot;)" outcome="$outcome">
              <Output><ErrorInfo><Message>  Expected: 1
          But was:  2</Message></ErrorInfo></Output>
            </UnitTestResult>
          </Results>
          <TestDefinitions>
            <UnitTest name="Right" id="1"><Execution />
              <TestMethod className="A.RightTests" name="Right" /></UnitTest>
            <UnitTest name="Is" id="2"><Execution />
              <TestMethod className="A.WrongTests" name="Is" /></UnitTest>
          </TestDefinitions>
          <ResultSummary><Counters total="3" passed="$passed" failed="$failed" error="0" />
          </ResultSummary>
        </TestRun>
        END
        exit $code
        """;

    private static readonly string[] s_projects = ["Loadgen.Tests", "Sample.Tests", "Server.Tests"];

    // Nothing is installed: each tool is there, and so is what would install it.
    private static readonly string[] s_tools =
    [
        "npm", "apt-get", "sudo", "gcc", "wrk", "h2load", "nginx", "haproxy", "tinyproxy", "curl",
        "strace", "node", "uconv", "chromium", "java", "python3",
    ];

    private DirectoryInfo _root = null!;

    [SetUp]
    public void Plant()
    {
        Skip.Unless(OperatingSystem.IsLinux(), "the script installs packages of Debian");
        _root = Directory.CreateTempSubdirectory("ci-run-");
        foreach (string name in s_projects)
        {
            _root.CreateSubdirectory(
                name == "Sample.Tests" ? $"samples/{name}" : $"tests/{name}");
        }

        Write(".ci/run", File.ReadAllText(RepositoryFiles.FullPath(".ci/run")));
        Write("bin/dotnet", Dotnet);
        foreach (string tool in s_tools)
        {
            Write($"bin/{tool}", "#!/bin/sh\n");
        }
    }

    [TearDown]
    public void Remove() => _root?.Delete(recursive: true);

    // Each of three projects, and two of them once more with the native executables: two tests
    // pass, and one is skipped.
    [Test]
    public void The_last_line_has_the_sums_and_the_lines_above_it_the_times()
    {
        (int code, string[] lines) = Run("");
        Assert.That(lines[^1], Is.EqualTo("10 passed, 0 failed, 5 skipped"));
        Assert.That(code, Is.Zero);
        Assert.That(lines, Has.Some.Match(@"^Times: tools \d+:\d\d, .*"));
        Assert.That(lines[^2], Does.Match(@"all \d+:\d\d$"));
        foreach (string name in s_projects)
        {
            Assert.That(lines, Has.Some.Match($@"^== {name} \d+:\d\d$"));
        }
    }

    [Test]
    public void The_end_names_failed_tests_and_projects_without_results()
    {
        (int code, string[] lines) = Run("Server.Tests:failed Sample.Tests:crashed");
        string end = string.Join("\n", lines.TakeLast(40));
        Assert.That(end, Does.Contain("\nServer.Tests: 1 failed\n"
            + "  A.WrongTests.Is(\"a&b\"): Expected: 1 But was: 2\n"));
        Assert.That(end, Does.Contain("\nSample.Tests: no results, exit code 134\nIt crashes.\n"));
        Assert.That(end, Does.Match(@"\nFailed at: tests of .*\bSample\.Tests\b"));
        Assert.That(lines[^1], Is.EqualTo("6 passed, 2 failed, 4 skipped"));
        Assert.That(code, Is.EqualTo(1));
    }

    [TestCase("build", "Failed at: build")]
    [TestCase("format", "Failed at: format")]
    [TestCase("publish", "Failed at: tests of publish")]
    [TestCase("run", "Failed at: tests of fuzz")]
    public void A_step_that_fails_is_named(string verb, string line)
    {
        (int code, string[] lines) = Run(verb);
        Assert.That(lines[^2], Is.EqualTo(line));
        Assert.That(lines[^1], Does.Match(@"^\d+ passed, 0 failed"));
        Assert.That(code, Is.Not.Zero);
    }

    private (int Code, string[] Lines) Run(string fake)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_root.FullName, ".ci/run")]);
        start.Environment["FAKE"] = fake;
        start.Environment["PATH"] = $"{_root.FullName}/bin:/usr/bin:/bin";
        using ChildProcess child = ChildProcess.Start(start);
        (int code, string output, _) = child.Finish();
        return (code, output.TrimEnd().Split('\n'));
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_root.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
