// The three ends of a search for a program: found, skipped, failed.

using Reactor.Testing;

namespace Repository.Tests;

[TestFixture]
public sealed class ExternalToolTests
{
    [Test]
    public void A_tool_on_the_path_is_returned_with_its_full_path() =>
        Assert.That(ExternalTool.Require("sh", "dash"), Does.StartWith("/").And.EndsWith("/sh"));

    [Test]
    public void A_missing_tool_skips_the_test_and_names_the_package() => Assert.That(
        () => ExternalTool.Require("no-such-tool", "no-such-package", "/bin", isRequired: false),
        Throws.TypeOf<IgnoreException>().With.Message.Contains("apt-get install no-such-package"));

    [Test]
    public void A_missing_tool_fails_the_test_where_tools_are_required() => Assert.That(
        () => ExternalTool.Require("no-such-tool", "no-such-package", null, isRequired: true),
        Throws.TypeOf<AssertionException>().With.Message.Contains("no-such-package"));

    [Test]
    public void A_file_that_cannot_be_run_is_no_tool()
    {
        string file = Path.Combine(Path.GetTempPath(), $"tool-{Guid.NewGuid():N}");
        File.WriteAllText(file, "");
        try
        {
            Assert.That(ExternalTool.Find(Path.GetFileName(file), Path.GetTempPath()), Is.Null);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
