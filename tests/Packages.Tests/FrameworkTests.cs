using System.Xml.Linq;
using Reactor.Testing;

namespace Packages.Tests;

/// <summary>
/// The package of the test kit in test projects outside, of xUnit and MSTest: what passes there,
/// and what a failure looks like. NUnit is what this repository and the template use.
/// </summary>
[TestFixture]
[Category("Slow")]
public sealed class FrameworkTests
{
    private const string XUnit2 = "xunit-v2";
    private const string XUnit3 = "xunit-v3";
    private const string MSTest = "mstest-v4";

    private const string MSTestFile = """
        global using Test = Microsoft.VisualStudio.TestTools.UnitTesting.TestMethodAttribute;
        using Microsoft.VisualStudio.TestTools.UnitTesting;
        using Reactor.Http.Testing;

        [TestClass]
        public sealed partial class KitTests
        {
            private static TestServerOptions Options => new();
        }

        public static class Check
        {
            public static void Equal<T>(T expected, T actual) => Assert.AreEqual(expected, actual);
        }
        """;

    private readonly Dictionary<string, Dictionary<string, XElement>> _results = [];

    [OneTimeSetUp]
    public void RunAll()
    {
        string folder = PackedRepository.CreateFolder("frameworks");
        (string, string) runner = ("xunit.runner.visualstudio", "4.0.1");
        Make(XUnit2, XUnitFile("Xunit.Abstractions"), ("xunit", "2.9.3"), runner);
        Make(XUnit3, XUnitFile("Xunit"), ("xunit.v3.mtp-off", "4.0.2"), runner);
        Make(MSTest, MSTestFile, ("MSTest", "4.5.2"));
        string[] all = [XUnit2, XUnit3, MSTest];
        File.WriteAllText(
            Path.Combine(folder, "all.slnx"),
            $"<Solution>{string.Concat(all.Select(Entry))}</Solution>");
        Dotnet.RunToExit(1, folder, "test", "--logger", "trx;LogFileName=results.trx");
        foreach (string name in all)
        {
            XElement run = XElement.Load(
                Path.Combine(folder, name, "TestResults", "results.trx"));
            _results[name] = run.Descendants(run.Name.Namespace + "UnitTestResult").ToDictionary(
                one => ((string)one.Attribute("testName")!).Split('.')[^1]);
        }

        static string Entry(string name) => $"""<Project Path="{name}/{name}.csproj" />""";

        void Make(string name, string file, params (string Id, string Version)[] packages)
        {
            string project = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            File.Copy(
                Path.Combine(
                    RepositoryFolder.Path, "tests/Packages.Tests/Frameworks/KitTests.cs"),
                Path.Combine(project, "KitTests.cs"));
            File.WriteAllText(Path.Combine(project, "Framework.cs"), file);
            File.WriteAllText(Path.Combine(project, $"{name}.csproj"), Project(packages));
        }
    }

    [Test]
    public void What_is_right_passes([Values(XUnit2, XUnit3, MSTest)] string framework)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach ((string name, XElement result) in _results[framework])
            {
                string expected =
                    name.StartsWith("Passes", StringComparison.Ordinal) ? "Passed" : "Failed";
                Assert.That(
                    (string?)result.Attribute("outcome"), Is.EqualTo(expected), $"{result}");
            }
        }

        Assert.That(_results[framework], Has.Count.EqualTo(11));
    }

    [TestCase("Fails_by_a_leak", "TestLeakException", "200 of GET http://127.0.0.1/")]
    [TestCase("Fails_by_a_wait_for_real_time", "ForeignWaitException", "KitTests.cs:")]
    [TestCase(
        "Fails_by_a_leak_on_the_way_of_an_assertion", "TestLeakException", "{assertion}")]
    [TestCase("Fails_by_a_search", "ChaosException", "ChaosSearch.Replay(\"seed 7\", ")]
    public void A_failure_by_the_kit_has_its_message(string test, params string[] texts)
    {
        foreach (string framework in _results.Keys)
        {
            foreach (string text in texts)
            {
                Assert.That(
                    Message(framework, test),
                    Does.Contain(text == "{assertion}" ? Assertion(framework) : text), framework);
            }
        }
    }

    // A framework names the type of an exception that is none of its own.
    [TestCase("Fails_by_an_assertion")]
    [TestCase("Fails_by_an_assertion_because_the_handler_has_failed")]
    [TestCase("Fails_by_an_assertion_in_a_coroutine_that_leaks_too")]
    public void A_failed_assertion_is_that_of_the_framework(string test)
    {
        foreach (string framework in _results.Keys)
        {
            Assert.That(
                Message(framework, test),
                Does.StartWith(Assertion(framework)).And.Not.Contain("Exception"), framework);
        }
    }

    [Test]
    public void The_exception_of_the_handler_is_in_the_output_of_the_test()
    {
        foreach (string framework in _results.Keys)
        {
            XElement test =
                _results[framework]["Fails_by_an_assertion_because_the_handler_has_failed"];
            Assert.That(
                test.Descendants().Single(static one => one.Name.LocalName == "StdOut").Value,
                Does.Contain("System.FormatException: boom"), framework);
        }
    }

    private static string Assertion(string framework) =>
        framework == MSTest ? "Assertion failed." : "Assert.Equal() Failure";

    private static string XUnitFile(string outputNamespace) => $$"""
        global using Test = Xunit.FactAttribute;
        using Reactor.Http.Testing;

        public sealed partial class KitTests({{outputNamespace}}.ITestOutputHelper output)
        {
            private TestServerOptions Options => new() { Output = output.WriteLine };
        }

        public static class Check
        {
            public static void Equal<T>(T expected, T actual) =>
                Xunit.Assert.Equal(expected, actual);
        }
        """;

    private string Message(string framework, string test) => _results[framework][test]
        .Descendants().Single(static one => one.Name.LocalName == "Message").Value;

    private static string Project((string Id, string Version)[] packages) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Reactor.Http.Testing"
                              Version="{PackedRepository.Version}" />
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
            {string.Concat(packages.Select(static one =>
                $"""<PackageReference Include="{one.Id}" Version="{one.Version}" />"""))}
          </ItemGroup>
        </Project>
        """;
}
