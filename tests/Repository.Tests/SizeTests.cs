// Sizes keep the house readable in one sitting. A table or a corpus may be long, because nobody
// reads it from top to bottom; such a file is named below, with its reason.

namespace Repository.Tests;

[TestFixture]
public sealed class SizeTests
{
    /// <summary>Tables and corpora only: path from the root, and why beside it.</summary>
    private static readonly HashSet<string> s_longFiles = [];

    [Test]
    public void Files_methods_and_lines_keep_their_sizes() => Rules.AssertNone(
        RepositoryFiles.CSharp
            .Where(file => file.IsUnder("src", "tools", "tests", "bench", "samples"))
            .SelectMany(file => SizeChecker.Check(file, s_longFiles)),
        "Sizes (CONTRIBUTING.md, House rules)");

    [Test]
    public void A_long_file_of_the_list_exists() => Assert.That(
        s_longFiles.Where(path => !File.Exists(RepositoryFiles.FullPath(path))), Is.Empty);

    [TestCase("src/A.cs", SizeChecker.SourceLinesMax)]
    [TestCase("tools/loadgen/A.cs", SizeChecker.SourceLinesMax)]
    [TestCase("tests/A.Tests/A.cs", SizeChecker.TestLinesMax)]
    public void A_file_of_the_allowed_lines_passes_and_one_of_one_more_does_not(
        string path, int lines)
    {
        Assert.That(CheckAt(path, Comments(lines)), Is.Empty);
        Assert.That(CheckAt(path, Comments(lines + 1)).Single().Message,
            Does.StartWith($"{lines + 1} lines"));
    }

    [Test]
    public void A_long_file_passes_when_it_is_listed_and_must_leave_the_list_when_it_shrinks()
    {
        Assert.That(Check(Comments(SizeChecker.SourceLinesMax + 1), "src/A.cs"), Is.Empty);
        Assert.That(Check(Comments(10), "src/A.cs").Single().Message, Does.Contain("no longer"));
    }

    [Test]
    public void A_line_of_100_columns_passes_and_one_of_101_does_not()
    {
        Assert.That(Check("//" + new string('x', 98)), Is.Empty);
        Finding finding = Check("\n//" + new string('x', 99)).Single();
        Assert.That((finding.Line, finding.Message),
            Is.EqualTo((2, "101 columns, 100 are allowed")));
    }

    [Test]
    public void A_method_of_70_lines_passes_and_one_of_71_does_not()
    {
        Assert.That(Check(Method(70)), Is.Empty);
        Finding finding = Check(Method(71)).Single();
        Assert.That(finding.Line, Is.EqualTo(5), "the signature, not the comment or the attribute");
        Assert.That(finding.Message, Does.StartWith("Long has 71 lines"));
    }

    [Test]
    public void Constructors_accessors_local_functions_and_programs_are_methods_too()
    {
        string body = "{" + string.Concat(Enumerable.Repeat("\n;", 70)) + "\n}";
        Assert.That(Check($"class A {{ A() {body} }}"), Has.Exactly(1).Items);
        Assert.That(Check($"class A {{ int B {{ get {body} }} }}"), Has.Exactly(1).Items);
        Assert.That(Check($"class A {{ ~A() {body} }}"), Has.Exactly(1).Items);
        Assert.That(Check($"void Local() {body}"), Has.Exactly(1).Items);
        Assert.That(Check(string.Concat(Enumerable.Repeat("int.Parse(\"1\");\n", 71))),
            Has.Exactly(1).Items);
    }

    private static Finding[] Check(string text, params string[] longFiles) =>
        CheckAt("src/A.cs", text, longFiles);

    private static Finding[] CheckAt(string path, string text, params string[] longFiles) =>
        SizeChecker.Check(new SourceFile(path, text), longFiles.ToHashSet()).ToArray();

    private static string Comments(int lines) =>
        string.Concat(Enumerable.Repeat("// a line\n", lines));

    private static string Method(int lines) =>
        "class A\n{\n    // why\n    [Obsolete]\n    void Long()\n    {\n"
        + string.Concat(Enumerable.Repeat("        ;\n", lines - 3)) + "    }\n}\n";
}
