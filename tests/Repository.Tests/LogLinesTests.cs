// A client can repeat what makes the server log. Such lines have a budget, and one place where they
// are let through, so that a new line cannot be forgotten there.

using System.Text.RegularExpressions;

namespace Repository.Tests;

[TestFixture]
public sealed partial class LogLinesTests
{
    /// <summary>What no client can repeat: two lines for each end of a server.</summary>
    private static readonly string[] s_free = ["ShuttingDown", "Cancelling"];

    /// <summary>Access records: one for each request, by choice.</summary>
    private static readonly string[] s_chosen = ["Requested"];

    [Test]
    public void Lines_that_a_client_can_cause_are_let_through_in_one_place() => Rules.AssertNone(
        RepositoryFiles.CSharp
            .Where(file => file.IsUnder("src/Reactor.Http") && !IsThePlace(file.Path))
            .SelectMany(file => Check(file.Path, file.Text)),
        "Log lines of the server (docs/logging.md, Lines that a client can cause)");

    [Test]
    public void A_line_in_another_place_is_found() => Assert.That(
        Check("src/A.cs", "HttpLog.ShuttingDown(a);\nHttpLog.Refused(a);\nHttpLog.Requested(a);")
            .Select(finding => finding.Line),
        Is.EqualTo(new[] { 2 }));

    private static bool IsThePlace(string path) =>
        Path.GetFileName(path) == "ClientLines.cs";

    private static IEnumerable<Finding> Check(string path, string text) =>
        Calls().Matches(text)
            .Where(call => !s_free.Concat(s_chosen).Contains(call.Groups[1].Value))
            .Select(call => new Finding(
                path,
                text.AsSpan(0, call.Index).Count('\n') + 1,
                $"{call.Value} is logged without a budget: log it through ClientLines, or add it "
                    + "to this test if no client can repeat it"));

    [GeneratedRegex("HttpLog\\.([A-Z][A-Za-z]*)")]
    private static partial Regex Calls();
}
