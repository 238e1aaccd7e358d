// No knot of files: how many files a reader must understand together is bounded in each library.
// The graph that says so finds planted cycles and no others.

using Microsoft.CodeAnalysis.CSharp;
using Repository.Tests.Graph;
using Repository.Tests.Rooms;

namespace Repository.Tests;

[TestFixture]
public sealed class FileCycleTests
{
    private const int ReactorCycleMax = 8;

    private const int HttpCycleMax = 5;

    private const int InspectorCycleMax = 3;

    private const int TestingCycleMax = 5;

    private const int OpenApiCycleMax = 2;

    [Test]
    public void No_cycle_of_the_loops_files_is_too_large() =>
        AssertCycles("Reactor", HouseCompilations.Reactor, ReactorCycleMax);

    [Test]
    public void No_cycle_of_the_files_of_HTTP_is_too_large() =>
        AssertCycles("Reactor.Http", HouseCompilations.Http, HttpCycleMax);

    [Test]
    public void No_cycle_of_the_files_of_the_inspector_is_too_large() => AssertCycles(
        "Reactor.Inspector", HouseCompilations.Inspector, InspectorCycleMax);

    [Test]
    public void No_cycle_of_the_files_of_the_test_kit_is_too_large() => AssertCycles(
        "Reactor.Http.Testing", HouseCompilations.Testing, TestingCycleMax);

    [Test]
    public void No_cycle_of_the_files_of_OpenAPI_is_too_large() => AssertCycles(
        "Reactor.Http.OpenApi", HouseCompilations.OpenApi, OpenApiCycleMax);

    [Test]
    public void A_cycle_is_found_with_its_files_and_without_those_that_only_lead_to_it() =>
        Assert.That(
            Cycles(
                ("src/Reactor/A.cs", "class A { B? Next; }"),
                ("src/Reactor/B.cs", "class B { void M(C c) => c.Go(); }"),
                ("src/Reactor/C.cs", "class C { public void Go() { var a = new A(); } }"),
                ("src/Reactor/D.cs", "class D { A? Start; E? Other; }"),
                ("src/Reactor/E.cs", "class E { C? Start; }")),
            Is.EqualTo(new[] { "src/Reactor/A.cs src/Reactor/B.cs src/Reactor/C.cs" }));

    [Test]
    public void Two_cycles_are_two_and_the_larger_one_is_first() => Assert.That(
        Cycles(
            ("src/Reactor/A.cs", "class A { B? Next; }"),
            ("src/Reactor/B.cs", "class B { A? Next; C? Down; }"),
            ("src/Reactor/C.cs", "class C { D? Next; }"),
            ("src/Reactor/D.cs", "class D { E? Next; }"),
            ("src/Reactor/E.cs", "class E { C? Next; }")),
        Is.EqualTo(new[]
        {
            "src/Reactor/C.cs src/Reactor/D.cs src/Reactor/E.cs",
            "src/Reactor/A.cs src/Reactor/B.cs",
        }));

    [Test]
    public void A_name_in_a_comment_closes_no_cycle() => Assert.That(
        Cycles(
            ("src/Reactor/A.cs", "class A { B? Next; }"),
            ("src/Reactor/B.cs", "/// <summary>Of <see cref=\"A\"/>.</summary>\nclass B { }")),
        Is.Empty);

    [Test]
    public void An_await_an_extension_and_a_member_behind_var_are_edges() => Assert.That(
        Cycles(
            ("src/Reactor/A.cs", "class A { public B Next = new(); public int Sum => 1; }"),
            ("src/Reactor/B.cs", "class B { void M() => this.Extend(); }"),
            ("src/Reactor/C.cs",
                "static class C { public static void Extend(this B b) { var d = D.Make(); } }"),
            ("src/Reactor/D.cs",
                "class D { public static D Make() => new(); async void M(E e) => await e; }"),
            ("src/Reactor/E.cs", "class E { }"),
            ("src/Reactor/F.cs", """
                static class F
                {
                    public static System.Runtime.CompilerServices.TaskAwaiter GetAwaiter(this E e)
                    {
                        var next = G.First.Next;
                        return default;
                    }
                }
                """),
            ("src/Reactor/G.cs", "class G { public static A First = new(); }")),
        Is.EqualTo(new[]
        {
            "src/Reactor/A.cs src/Reactor/B.cs src/Reactor/C.cs src/Reactor/D.cs "
                + "src/Reactor/F.cs src/Reactor/G.cs",
        }));

    [Test]
    public void A_partial_type_lives_in_the_file_of_its_name_and_a_member_where_it_stands()
    {
        (string, string)[] parts =
        [
            ("src/Reactor/A.Part.cs", "partial class A { public void InPart() { } }"),
            ("src/Reactor/A.cs", "partial class A { public void InMain() { } }"),
        ];
        Assert.That(Uses("class B { A? Field; }"), Is.EqualTo("src/Reactor/A.cs"));
        Assert.That(Uses("class B { void M(A a) => a.InPart(); }"),
            Does.Contain("src/Reactor/A.Part.cs"));

        string Uses(string text) => string.Join(' ', Graph([.. parts, ("src/Reactor/B.cs", text)])
            .Uses.Single(pair => pair.Key == "src/Reactor/B.cs").Value);
    }

    [Test]
    public void The_text_shows_the_rooms_their_files_and_the_cycles()
    {
        string text = GraphText.Write("Reactor", Graph(
            ("src/Reactor/Timing/Due.cs", "class Due { }"),
            ("src/Reactor/Scheduling/Ready.cs", "class Ready { Due? Next; Post? Last; }"),
            ("src/Reactor/Scheduling/Post.cs", "class Post { Ready? Queue; }")));
        Assert.That(text, Is.EqualTo("""
            Reactor: 3 files

            Scheduling -> Timing
              Post -> Ready
              Ready -> Post, Due

            Timing -> nothing
              Due -> nothing

            cycle of 2 files
              src/Reactor/Scheduling/Post.cs -> Ready
              src/Reactor/Scheduling/Ready.cs -> Post

            1 cycles

            """));
    }

    private static void AssertCycles(string project, CSharpCompilation compilation, int max) =>
        Rules.AssertNone(
            from cycle in FileGraph.Of(compilation).Cycles
            where cycle.Count > max
            from file in cycle
            select new Finding(file, 1, $"one of {cycle.Count} files that form a cycle"),
            $"At most {max} files of {project} may form a cycle; "
                + "`dotnet run --project tests/Repository.Tests -- graph` shows the edges");

    private static string[] Cycles(params (string Path, string Text)[] files) =>
        [.. Graph(files).Cycles.Select(cycle => string.Join(' ', cycle))];

    private static FileGraph Graph(params (string Path, string Text)[] files) =>
        FileGraph.Of(SourceCompilation.Compile(
            "Planted", files.Select(file => new SourceFile(file.Path, file.Text))));
}
