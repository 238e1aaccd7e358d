using System.Diagnostics;
using Reactor.Testing;

namespace Packages.Tests;

/// <summary>
/// Runs the command <c>dotnet</c> to its end, with a folder for installed packages that is deleted
/// after the tests. A failure of the command fails the test, with its output.
/// </summary>
internal static class Dotnet
{
    /// <summary>The longest of them publishes trimmed, on a busy machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <summary>Runs it outside of the repository.</summary>
    public static string Run(string folder, params IEnumerable<string> arguments) =>
        RunToExit(0, folder, arguments);

    /// <summary>Runs it outside of the repository, to an exit code that is expected.</summary>
    public static string RunToExit(
        int exitCode, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder };
        start.Environment["NUGET_PACKAGES"] = PackedRepository.InstalledPackages;
        return Finish(start, exitCode);
    }

    /// <summary>Runs it in the repository, with the packages that its build has restored.</summary>
    public static string RunInRepository(params IEnumerable<string> arguments) =>
        Finish(new("dotnet", arguments) { WorkingDirectory = RepositoryFolder.Path });

    private static string Finish(ProcessStartInfo start, int exitCode = 0)
    {
        string command = $"dotnet {string.Join(' ', start.ArgumentList)}";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // A server that outlives the command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        using ChildProcess child = ChildProcess.Start(start);
        ChildOutcome outcome = child.Finish(s_limit);
        Assert.That(
            outcome.ExitCode, Is.EqualTo(exitCode),
            $"{command}\n{outcome.Output}{outcome.Errors}");
        return outcome.Output;
    }
}
