// A sample is published as a native executable in the way that the README tells, and prints what
// its head says. The one with call graphs is taken: a native program has no assembly and no symbols
// to read file and line from, so the methods must be named without them.

using System.Text.RegularExpressions;
using Reactor.Testing;
using Repository.Tests.Samples;

namespace Repository.Tests;

[TestFixture]
[NonParallelizable]
public sealed partial class NativeSampleTests
{
    private const string Sample = "samples/call_graph.cs";
    private static readonly TimeSpan s_publishMax = TimeSpan.FromSeconds(240);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() =>
        _folder = Directory.CreateTempSubdirectory("reactor-native-sample-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    [Category("Samples")]
    [Category("Slow")]
    public async Task A_native_sample_names_the_methods_of_a_call_graph_without_lines()
    {
        string command = $"dotnet publish {Sample} -p:PublishAot=true -o out";
        string readme = await File.ReadAllTextAsync(RepositoryFiles.FullPath("README.md"));
        Assert.That(readme, Does.Contain(command));

        string[] words = command.Split(' ');
        using ChildProcess publish =
            SampleProcess.Start(words[0], [.. words[1..^1], Path.Combine(_folder, "out")]);
        int exitCode = await publish.WaitForExitAsync(s_publishMax);
        SkipWithoutCompilerOrLinker(exitCode, publish.Output + publish.Errors);
        Assert.That(exitCode, Is.Zero, publish.Output + publish.Errors);

        using ChildProcess run =
            SampleProcess.Start(Path.Combine(_folder, "out", "call_graph"));
        exitCode = await run.WaitForExitAsync(SampleRunner.Limit);
        SampleHead head = SampleHead.Parse(
            await File.ReadAllTextAsync(RepositoryFiles.FullPath(Sample)));
        string[] expected = [.. head.Output!.Select(line => Place().Replace(line, ""))];
        Assert.That(exitCode, Is.Zero, run.Output + run.Errors);
        Assert.That(SampleHead.FirstDifference(expected, run.Output), Is.Null, run.Output);
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
