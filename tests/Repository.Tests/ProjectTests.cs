// The solution, the projects and the samples as they lie there, and planted ones that are wrong.

namespace Repository.Tests;

[TestFixture]
public sealed class ProjectTests
{
    private const string Solution = """
        Project("{F}") = "A", "src\A\A.csproj", "{1}"
        EndProject
        """;

    // The files of a template are those of its user, whose packages this build makes.
    private static IEnumerable<SourceFile> Projects => RepositoryFiles.All
        .Where(file => Path.GetExtension(file.Path) is ".csproj" or ".fsproj" or ".vbproj"
            && !IsOfTemplate(file.Path));

    [Test]
    public void One_solution_holds_every_project()
    {
        string[] solutions = RepositoryFiles.Walk(RepositoryFiles.Root)
            .Where(path => Path.GetExtension(path) is ".sln" or ".slnx" or ".slnf")
            .Select(path => Path.GetRelativePath(RepositoryFiles.Root, path))
            .Where(path => !IsOfTemplate(path)).ToArray();
        string text = File.ReadAllText(RepositoryFiles.FullPath("Reactor.sln"));
        Rules.AssertNone(ProjectChecker.CheckSolution(
            solutions, text, Projects.Select(project => project.Path)), "One solution file");
    }

    [Test]
    public void Projects_reference_one_way_only() => Rules.AssertNone(
        Projects.SelectMany(ProjectChecker.CheckReferences), "Project references");

    [Test]
    public void Tests_stand_in_projects_that_say_so() => Rules.AssertNone(
        Projects.Where(project => project.IsUnder("tests", "samples")).SelectMany(project =>
            ProjectChecker.CheckTestProject(project.Path, RepositoryFiles.CSharp.Where(
                file => file.IsUnder(Path.GetDirectoryName(project.Path)!)))),
        "Test projects end in .Tests");

    [Test]
    public void Every_sample_runs_as_it_stands() => Rules.AssertNone(
        RepositoryFiles.Samples.SelectMany(ProjectChecker.CheckSample),
        "Samples are file-based apps");

    [Test]
    public void A_complete_solution_passes() => Assert.That(
        ProjectChecker.CheckSolution(["Reactor.sln"], Solution, ["src/A/A.csproj"]), Is.Empty);

    [Test]
    public void A_second_solution_a_missing_project_and_a_dead_entry_are_found() => Assert.That(
        ProjectChecker.CheckSolution(["Reactor.sln", "B.slnx"], Solution, ["src/C/C.csproj"])
            .Select(finding => finding.Path),
        Is.EqualTo(new[] { "B.slnx", "src/C/C.csproj", "Reactor.sln" }));

    [TestCase("src/Reactor/Reactor.csproj", "../Reactor.Http/Reactor.Http.csproj", 1)]
    [TestCase("src/Reactor.Http/Reactor.Http.csproj", "../Reactor/Reactor.csproj", 0)]
    [TestCase("src/Reactor.Http/Reactor.Http.csproj", "../../tests/A/A.csproj", 1)]
    [TestCase("tools/server/server.csproj", "..\\..\\src\\Reactor\\Reactor.csproj", 0)]
    [TestCase("tools/server/server.csproj", "../loadgen/loadgen.csproj", 1)]
    [TestCase("bench/B/B.csproj", "../../tests/A/A.csproj", 1)]
    [TestCase("tests/A.Tests/A.Tests.csproj", "../../tools/server/server.csproj", 0)]
    public void A_reference_that_points_the_wrong_way_is_found(
        string project, string target, int findings)
    {
        SourceFile file = new(
            project, $"<Project><ProjectReference Include=\"{target}\"/></Project>");
        Assert.That(ProjectChecker.CheckReferences(file).Count(), Is.EqualTo(findings));
    }

    [TestCase("tests/A.Tests/A.Tests.csproj", "    [Test]", 0)]
    [TestCase("tests/A/A.csproj", "    [TestCase(1)]", 1)]
    [TestCase("tests/A/A.csproj", "// A fixture, no test.", 0)]
    public void A_test_that_no_runner_would_find_is_found(string project, string code, int findings)
    {
        SourceFile file = new("tests/A/B.cs", code);
        Assert.That(ProjectChecker.CheckTestProject(project, [file]).Count(),
            Is.EqualTo(findings));
    }

    [TestCase("#!/usr/bin/env dotnet\n#:project ../src/Reactor/Reactor.csproj\n", 0)]
    [TestCase("#:project ../src/Reactor/Reactor.csproj\n", 1)]
    [TestCase("#!/usr/bin/env dotnet\nreturn;", 1)]
    public void A_sample_that_does_not_run_by_itself_is_found(string text, int findings) =>
        Assert.That(ProjectChecker.CheckSample(new SourceFile("samples/a.cs", text)).Count(),
            Is.EqualTo(findings));

    private static bool IsOfTemplate(string path) =>
        path.StartsWith("templates/", StringComparison.Ordinal)
        && path.Contains("/content/", StringComparison.Ordinal);
}
