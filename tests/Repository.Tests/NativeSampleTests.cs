// A sample is published as a native executable in the way that the README tells, and prints what
// its head says. The one with call graphs is taken, because a native program has no assembly and no
// symbols to read file and line from, so the methods must be named without them; and one whose
// generic coroutines, groups and exceptions the compiler must find ahead of time.

using System.Text.RegularExpressions;
using Reactor.Testing;
using Repository.Tests.Samples;

namespace Repository.Tests;

[TestFixture]
[NonParallelizable]
public sealed partial class NativeSampleTests
{
    private static readonly TimeSpan s_publishMax = TimeSpan.FromSeconds(240);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() =>
        _folder = Directory.CreateTempSubdirectory("reactor-native-sample-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("call_graph")]
    [TestCase("groups_and_timeouts")]
    [Category("Samples")]
    [Category("Slow")]
    public async Task A_native_sample_prints_what_its_head_says_without_lines_of_code(string name)
    {
        string source = $"samples/{name}.cs";
        string command = await PublishCommand();
        string[] words = command.Replace("samples/call_graph.cs", source).Split(' ');
        using ChildProcess publish =
            SampleProcess.Start(words[0], [.. words[1..^1], Path.Combine(_folder, "out")]);
        int exitCode = await publish.WaitForExitAsync(s_publishMax);
        SkipWithoutCompilerOrLinker(exitCode, publish.Output + publish.Errors);
        Assert.That(exitCode, Is.Zero, publish.Output + publish.Errors);

        using ChildProcess run = SampleProcess.Start(Path.Combine(_folder, "out", name));
        exitCode = await run.WaitForExitAsync(SampleRunner.Limit);
        SampleHead head = SampleHead.Parse(
            await File.ReadAllTextAsync(RepositoryFiles.FullPath(source)));
        string[] expected = [.. head.Output!.Select(line => Place().Replace(line, ""))];
        Assert.That(exitCode, Is.Zero, run.Output + run.Errors);
        Assert.That(SampleHead.FirstDifference(expected, run.Output), Is.Null, run.Output);
    }

    /// <summary>As the README has it.</summary>
    private static async Task<string> PublishCommand()
    {
        const string Command = "dotnet publish samples/call_graph.cs -p:PublishAot=true -o out";
        string readme = await File.ReadAllTextAsync(RepositoryFiles.FullPath("README.md"));
        Assert.That(readme, Does.Contain(Command));
        return Command;
    }

    private static void SkipWithoutCompilerOrLinker(int exitCode, string text)
    {
        bool isMissing = exitCode != 0 && (text.Contains(
            ": error NU", StringComparison.Ordinal) || text.Contains(
                "Platform linker", StringComparison.Ordinal));
        if (isMissing && Environment.GetEnvironmentVariable("REACTOR_REQUIRE_TOOLS") != "1")
        {
            Assert.Ignore("it needs the native compiler of NuGet and the package build-essential");
        }
    }

    [GeneratedRegex(@" call_graph\.cs:\d+$")]
    private static partial Regex Place();
}
