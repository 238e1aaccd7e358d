using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Server.Tests;

/// <summary>
/// The command of the README publishes a binary that serves, and hardly anything of it is left to
/// be compiled when it starts. How long a start takes is measured by bench/run: here it would tell
/// of the machine's other work.
/// </summary>
[Category("Slow")]
[Platform("Linux")]
[NonParallelizable]
public partial class PublishedBinaryTests
{
    /// <summary>
    /// Methods compiled until the first answer. About 125 when this was written, most of them of
    /// the framework; 260 where generic code over types of ours is left out, 230 and slow ones with
    /// the log that it had before.
    /// </summary>
    private const int CompiledMax = 175;

    private static readonly TimeSpan s_publishMax = TimeSpan.FromSeconds(170);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() =>
        _folder = Directory.CreateTempSubdirectory("reactor-published-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_the_readme_publishes_serves_and_was_compiled_ahead()
    {
        if (RuntimeInformation.RuntimeIdentifier is { } here && !here.EndsWith(
                "-x64", StringComparison.Ordinal))
        {
            Assert.Ignore($"the README publishes for linux-x64, and this is {here}");
        }

        Publish(ReadCommand());
        string binary = Path.Combine(_folder, "out", "reactor");
        string compiled = Path.Combine(_folder, "compiled");
        var start = new ProcessStartInfo(binary, ["--listen", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_JitStdOutFile"] = compiled;
        start.Environment["DOTNET_JitDisasmSummary"] = "1";
        using var server = Process.Start(start)!;
        try
        {
            string line = server.StandardOutput.ReadLine()!;
            var address = new Uri(line["Server started at ".Length..^3]);
            using var client = new HttpClient();
            using HttpResponseMessage answer = client.Send(
                new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/plaintext")));
            Assert.That(answer.IsSuccessStatusCode);
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }

        string[] methods = File.ReadAllLines(compiled);
        TestContext.Out.WriteLine($"{methods.Length} methods were compiled");
        Assert.That(methods, Has.Length.InRange(1, CompiledMax), string.Join("\n", methods));
    }

    private static string[] ReadCommand()
    {
        string page = File.ReadAllText(Path.Combine(Root, "README.md"));
        Match command = Command().Match(page);
        Assert.That(command.Success, "the README has the command");
        return command.Groups[1].Value.Split(' ');
    }

    // With its own folders for everything that is built: other tests use those of the repository.
    private void Publish(string[] command)
    {
        Assert.That(command[^2], Is.EqualTo("-o"));
        var start = new ProcessStartInfo("dotnet",
        [
            .. command[..^1], Path.Combine(_folder, "out"),
            $"-p:ArtifactsPath={Path.Combine(_folder, "artifacts")}",
            "-p:RunAnalyzers=false", // the build that these tests belong to has run them
        ])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        // A build server that outlives its build would hold our output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var publish = Process.Start(start)!;
        Task<string> output = publish.StandardOutput.ReadToEndAsync();
        if (!publish.WaitForExit(s_publishMax))
        {
            publish.Kill(entireProcessTree: true);
            Assert.Fail("dotnet publish does not end");
        }

        string text = output.GetAwaiter().GetResult();
        bool isMissing = publish.ExitCode != 0 && text.Contains(
            "Crossgen2", StringComparison.OrdinalIgnoreCase) && text.Contains(
                ": error NU", StringComparison.Ordinal);
        if (isMissing && Environment.GetEnvironmentVariable("REACTOR_REQUIRE_TOOLS") != "1")
        {
            Assert.Ignore("the compiler, microsoft.netcore.app.crossgen2, is not to be had");
        }

        Assert.That(publish.ExitCode, Is.Zero, text);
    }

    private static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Reactor.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    [GeneratedRegex("(?m)^dotnet (publish tools/server .*PublishReadyToRun=true -o out)$")]
    private static partial Regex Command();
}
