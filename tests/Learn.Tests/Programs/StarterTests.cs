// lessons/learn.cs in a small repository: it builds the runner when a file has changed, and only
// then, and never starts a stale one.

using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Programs;

[TestFixture]
[Category("Slow")]
public sealed class StarterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private DirectoryInfo _root = null!;

    [SetUp]
    public void Plant()
    {
        _root = Directory.CreateTempSubdirectory("starter-");
        foreach (string name in new[]
        {
            ".editorconfig", "global.json", "lessons/learn.cs", "lessons/Directory.Build.props",
            "lessons/Directory.Build.targets", "lessons/exercises/Scenario.cs",
        })
        {
            Write(name, File.ReadAllText(Path.Combine(RepositoryFolder.Path, name)));
        }

        Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ArtifactsPath>$(MSBuildThisFileDirectory)artifacts</ArtifactsPath>
              </PropertyGroup>
            </Project>
            """);
        Write("src/library.txt", "1");
        Write("tools/learn/learn.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
            </Project>
            """);
        Write("tools/learn/Program.cs", Program("first"));
    }

    [TearDown]
    public void Delete() => _root.Delete(recursive: true);

    [Test]
    public void The_runner_is_built_when_a_file_was_changed_added_or_removed_and_only_then()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Run(), Is.EqualTo(("first --help 7", true)), "never built");
            Assert.That(Run(), Is.EqualTo(("first --help 7", false)), "unchanged");
            Write("tools/learn/Program.cs", Program("second"));
            Assert.That(Run(), Is.EqualTo(("second --help 7", true)), "changed");
            Write("src/more/added.txt", "");
            Assert.That(Run().IsBuilt, Is.True, "added");
            File.SetLastWriteTimeUtc(Full("src/library.txt"), DateTime.UnixEpoch);
            Assert.That(Run().IsBuilt, Is.True, "replaced by an older one");
            File.Delete(Full("src/more/added.txt"));
            Assert.That(Run().IsBuilt, Is.True, "removed");
            Assert.That(Run(), Is.EqualTo(("second --help 7", false)), "unchanged again");
        });
    }

    [Test]
    public void A_failed_build_runs_nothing_and_is_repeated()
    {
        Run();
        Write("tools/learn/Program.cs", "return nothing;");
        foreach (string attempt in new[] { "first", "second" })
        {
            LessonOutput output = Start();
            Assert.That(output.Lines, Is.Empty, attempt);
            Assert.That(output.Failure, Does.Contain("CS0103"), attempt);
            Assert.That(output.Failure, Does.Contain("the build has failed"), attempt);
        }
    }

    // The program prints its word and arguments.
    private static string Program(string word) =>
        $"System.Console.WriteLine($\"{word} {{string.Join(' ', args)}}\");";

    private (string Line, bool IsBuilt) Run()
    {
        DateTime before = RecordTime();
        LessonOutput output = Start();
        Assert.That(output.Failure, Is.Null);
        return (output.Lines.Single(), RecordTime() != before);
    }

    private DateTime RecordTime() => File.GetLastWriteTimeUtc(Full("artifacts/learn.built-from"));

    private LessonOutput Start() => LessonProcess.Run(
        LessonProcess.DotnetCommand(
            _root.FullName, "run", Full("lessons/learn.cs"), "--", "--help", "7"),
        s_limit);

    private string Full(string name) => Path.Combine(_root.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(name))!);
        File.WriteAllText(Full(name), text);
    }
}
