// A change of what users compile against is a decision; the snapshot in git makes it a visible one.
// The printer is tried on the types of Api/PlantedApi.cs, whose lines are written by hand.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Repository.Tests.Api;

namespace Repository.Tests;

[TestFixture]
public sealed class PublicApiTests
{
    [TestCase("Reactor")]
    [TestCase("Reactor.Http")]
    public void The_exported_surface_is_the_recorded_one(string assembly)
    {
        string path = RepositoryFiles.FullPath($"src/{assembly}/PublicApi.txt");
        IReadOnlyList<string> surface = ApiPrinter.Print(Assembly.Load(assembly).GetTypes());
        IReadOnlyList<string> diff = ApiFile.Diff(ApiFile.Read(path), surface);
        string changes = $"src/{assembly}/PublicApi.txt, '-' is gone and '+' is new:\n"
            + string.Join("\n", diff);
        switch (ApiFile.Judge(diff, Env(ApiFile.AcceptVariable), Env("CI")))
        {
            case ApiVerdict.Accept:
                ApiFile.Write(path, assembly, surface);
                Assert.Inconclusive("Accepted; look at it in git diff. " + changes);
                break;
            case ApiVerdict.Different:
                Assert.Fail("The public surface has changed. If that is meant, run "
                    + $"{ApiFile.AcceptVariable}=1 dotnet test tests/Repository.Tests "
                    + $"and commit the file. {changes}");
                break;
            case ApiVerdict.Same:
            default:
                break;
        }
    }

    [TestCase("Reactor")]
    [TestCase("Reactor.Http")]
    public void Every_exported_type_has_a_summary(string assembly)
    {
        string path = Path.Combine(AppContext.BaseDirectory, assembly + ".xml");
        Assert.That(Documentation.TypesWithoutSummary(
            Assembly.Load(assembly).GetTypes(), XDocument.Load(path)), Is.Empty);
    }

    /// <summary>
    /// F# and Visual Basic see an extension member of C# 14 only where it is a method of an object.
    /// </summary>
    [TestCase("Reactor")]
    [TestCase("Reactor.Http")]
    public void Every_extension_member_is_one_that_other_languages_see(string assembly)
    {
        Type[] containers = [.. Assembly.Load(assembly).GetExportedTypes().Where(type => type
            .GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Any(nested => nested.IsSpecialName && nested.Name.StartsWith('<')))];
        Assert.That(containers.Length > 0, Is.EqualTo(assembly == "Reactor"));
        Assert.That(
            containers.SelectMany(type => type.GetMethods(
                    BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(method => !method.IsDefined(typeof(ExtensionAttribute)))
                .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"),
            Is.Empty,
            "make it a member of the type itself");
    }

    [Test]
    public void The_surface_reads_like_CSharp() => Assert.That(
        ApiPrinter.Print(typeof(PublicApiTests).Assembly.GetTypes()
            .Where(type => type.Namespace == "Planted.Api")),
        Is.EqualTo(Planted.Api.Expected.Lines));

    [Test]
    public void A_difference_shows_what_is_gone_and_what_is_new() => Assert.That(
        ApiFile.Diff(["A.B", "A.C", "A.D"], ["A.A", "A.B", "A.D"]),
        Is.EqualTo(new[] { "+ A.A", "- A.C" }));

    [TestCase(null, null, ApiVerdict.Different)]
    [TestCase("1", null, ApiVerdict.Accept)]
    [TestCase("1", "true", ApiVerdict.Different)]
    [TestCase("0", "false", ApiVerdict.Different)]
    public void A_difference_is_accepted_on_request_but_never_in_CI(
        string? accept, string? ci, ApiVerdict verdict)
    {
        Assert.That(ApiFile.Judge(["+ A"], accept, ci), Is.EqualTo(verdict));
        Assert.That(ApiFile.Judge([], accept, ci), Is.EqualTo(ApiVerdict.Same));
    }

    [Test]
    public void What_is_written_is_read_back_and_a_missing_file_records_nothing()
    {
        string path = Path.Combine(Path.GetTempPath(), $"api-{Guid.NewGuid():N}.txt");
        Assert.That(ApiFile.Read(path), Is.Empty);
        try
        {
            ApiFile.Write(path, "A", ["A.B", "A.C"]);
            Assert.That(ApiFile.Read(path), Is.EqualTo(new[] { "A.B", "A.C" }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_type_without_a_summary_is_found()
    {
        XDocument xml = XDocument.Parse("""
            <doc><members>
              <member name="T:Planted.Api.Queue`1"><summary>Waits for items.</summary></member>
              <member name="T:Planted.Api.Queue`1.Step"><summary> <c/> </summary></member>
              <member name="T:Planted.Api.Mode"><inheritdoc/></member>
            </members></doc>
            """);
        Type[] types = [typeof(Planted.Api.Queue<>), typeof(Planted.Api.Queue<>.Step),
            typeof(Planted.Api.Mode), typeof(Planted.Api.Extensions)];
        Assert.That(Documentation.TypesWithoutSummary(types, xml), Is.EqualTo(new[]
            { "Planted.Api.Queue`1+Step", "Planted.Api.Extensions" }));
    }

    private static string? Env(string name) => Environment.GetEnvironmentVariable(name);
}
