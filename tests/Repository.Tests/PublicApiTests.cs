// A change of what users compile against is a decision. Microsoft.CodeAnalysis.PublicApiAnalyzers
// makes it a visible one: the build compares the surface with src/*/PublicAPI.*.txt. What the
// analyzer does not check is here.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Repository.Tests.Api;

namespace Repository.Tests;

[TestFixture]
public sealed class PublicApiTests
{
    /// <summary>
    /// The analyzer of the build compares the surface with these files; this test compares that it
    /// is at work.
    /// </summary>
    [TestCase("Reactor")]
    [TestCase("Reactor.Http")]
    [TestCase("Reactor.Http.Testing")]
    [TestCase("Reactor.Inspector")]
    [TestCase("Reactor.Http.OpenApi")]
    public void The_public_surface_is_recorded_and_a_difference_is_an_error(string project)
    {
        string[] recorded = [.. new[] { "Shipped", "Unshipped" }.SelectMany(
            file => File.ReadAllLines(
                RepositoryFiles.FullPath($"src/{project}/PublicAPI.{file}.txt")))];
        Assert.That(recorded.Count(line => line == "#nullable enable"), Is.EqualTo(2));
        Assert.That(recorded, Has.Length.GreaterThan(30));
        Assert.That(
            RepositoryFiles.All.Where(file => file.IsUnder("src")
                && !file.Path.Contains("PublicAPI.", StringComparison.Ordinal)
                && (file.Text.Contains("RS0016", StringComparison.Ordinal)
                    || file.Text.Contains("RS0017", StringComparison.Ordinal))),
            Is.Empty,
            "no file turns the analyzer off");
    }

    [TestCase("Reactor")]
    [TestCase("Reactor.Http")]
    [TestCase("Reactor.Http.Testing")]
    [TestCase("Reactor.Inspector")]
    [TestCase("Reactor.Http.OpenApi")]
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
        Assert.That(containers, Is.Not.Empty);
        Assert.That(
            containers.SelectMany(type => type.GetMethods(
                    BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(method => !method.IsDefined(typeof(ExtensionAttribute)))
                .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"),
            Is.Empty,
            "make it a member of the type itself");
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
        IEnumerable<Type> types = typeof(PublicApiTests).Assembly.GetTypes()
            .Where(type => type.Namespace == "Planted.Api");
        Assert.That(Documentation.TypesWithoutSummary(types, xml), Is.EquivalentTo(new[]
            { "Planted.Api.Queue`1+Step", "Planted.Api.Extensions" }));
    }
}
