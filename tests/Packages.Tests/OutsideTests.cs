using Reactor.Testing;

namespace Packages.Tests;

/// <summary>
/// The packages in a program outside: built, run, and published trimmed and ahead of time.
/// </summary>
[TestFixture]
[Category("Slow")]
public sealed class OutsideTests
{
    private const string Expected = """
        {"Text":"hello, ann"}
        {"Text":"hello, bob"}

        """ + """{"type":"object","properties":{"kind":{"const":"proverb"},"Text":{"""
        + """
        "description":"Its words.","type":"string"}},"required":["kind","Text"]}

        """;

    [Test]
    public void A_program_builds_without_warnings_and_runs()
    {
        ChildOutcome outcome = ChildProcess.Run(Path.Combine(OutsideProgram.Output, "outside"));
        Assert.That(outcome, Is.EqualTo(new ChildOutcome(0, Expected, "")));
    }

    // Warnings of the linker are errors too.
    [Test]
    public void The_program_is_published_trimmed_without_warnings_and_runs()
    {
        string target = Path.Combine(OutsideProgram.Folder, "published");
        Dotnet.Run(
            OutsideProgram.Folder, "publish", "-c", "Release", "--no-build", "-o", target);
        Assert.That(
            Path.Combine(target, "System.Linq.Queryable.dll"), Does.Not.Exist, "it is not trimmed");
        ChildOutcome outcome = ChildProcess.Run(Path.Combine(target, "outside"));
        Assert.That(outcome, Is.EqualTo(new ChildOutcome(0, Expected, "")));
    }

    // Warnings of the compiler of native code are errors too. NuGet downloads it the first time.
    [Test]
    [Category("External")]
    public void The_program_is_published_ahead_of_time_without_warnings_and_runs()
    {
        ExternalTool.Require("gcc", "build-essential");
        string folder = OutsideProgram.Create("native");
        string target = Path.Combine(folder, "published");
        Dotnet.Run(
            folder, "publish", "-c", "Release", "-o", target, "-p:PublishAot=true",
            "-p:DisableTransitiveFrameworkReferenceDownloads=true");
        Assert.That(Path.Combine(target, "outside.dll"), Does.Not.Exist, "it is not native");
        ChildOutcome outcome = ChildProcess.Run(Path.Combine(target, "outside"));
        Assert.That(outcome, Is.EqualTo(new ChildOutcome(0, Expected, "")));
    }

    // The analyzers come with the package of the loop, through that of the server.
    [Test]
    public void A_coroutine_that_never_runs_is_an_error_in_a_project_outside()
    {
        string folder = PackedRepository.CreateFolder("forgotten");
        File.WriteAllText(Path.Combine(folder, "forgotten.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Reactor.Http" Version="{PackedRepository.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Forgotten.cs"), """
            using Reactor;

            public static class Forgotten
            {
                public static void Call() => Run();

                private static async Coroutine Run() => await EventLoop.Yield();
            }
            """);
        Assert.That(
            Dotnet.RunToExit(1, folder, "build"),
            Does.Contain("Forgotten.cs(5,34): error REACTOR001:"));
    }
}
