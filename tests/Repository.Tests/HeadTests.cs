// Somebody who opens a file in the middle of an incident learns from its head what must stay true.

namespace Repository.Tests;

[TestFixture]
public sealed class HeadTests
{
    private const string Contract = "Runs what was ready when the batch began, and nothing else.";

    [Test]
    public void Every_file_of_src_and_tools_states_its_contract() => Rules.AssertNone(
        RepositoryFiles.CSharp.Where(file => file.IsUnder("src", "tools"))
            .SelectMany(HeadChecker.Check),
        "The head of a file tells its contract (CONTRIBUTING.md, House rules)");

    [TestCase("// " + Contract + "\nclass A { }")]
    [TestCase("using System;\nnamespace B;\n/* " + Contract + " */\nclass A { }")]
    [TestCase("/// <summary>\n/// Runs what was ready when\n/// the batch began.\n/// </summary>\n"
        + "class A { }")]
    [TestCase("// " + Contract + "\nreturn 0;\nreturn 0;\nreturn 0;\nreturn 0;")]
    [TestCase("return 0;")]
    [TestCase("/// <summary>How far.</summary>\nenum B { C }\n// " + Contract + "\nclass A { }")]
    [TestCase("/// <summary>Some members of <see cref=\"EventLoop\"/>, kept apart from it."
        + "</summary>\nclass A { }")]
    [TestCase("// " + Contract + "\ndelegate void Step();")]
    public void A_file_with_a_contract_passes(string text) => Assert.That(Check(text), Is.Empty);

    [TestCase("class A { }")]
    [TestCase("// The queue.\n// Of handles.\nclass A { }")]
    [TestCase("class A\n{\n    // " + Contract + "\n    int _a;\n}")]
    [TestCase("/// <summary></summary>\n/// <remarks><para></para></remarks>\nclass A { }")]
    [TestCase("return 0;\n// " + Contract + "\nreturn 0;\nreturn 0;\nreturn 0;")]
    public void A_file_without_a_contract_is_found(string text) =>
        Assert.That(Check(text), Has.Exactly(1).Items);

    private static Finding[] Check(string text) =>
        HeadChecker.Check(new SourceFile("src/A.cs", text)).ToArray();
}
