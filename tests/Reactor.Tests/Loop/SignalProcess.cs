using System.Diagnostics;
using Reactor.Testing;

namespace Reactor.Tests;

/// <summary>Starts <c>Reactor.SignalProgram</c>.</summary>
internal static class SignalProcess
{
    /// <param name="program">Which of its programs.</param>
    /// <param name="settings">Variables for its environment, as <c>NAME=value</c>.</param>
    public static ChildProcess Start(string program, params string[] settings)
    {
        var start = new ProcessStartInfo(BinaryPath, [program]);
        foreach (string setting in settings)
        {
            string[] parts = setting.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        return ChildProcess.Start(start);
    }

    // The program that was built with these tests, in the same configuration.
    private static string BinaryPath
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            string path = Path.Combine(
                own.Parent!.Parent!.FullName, "Reactor.SignalProgram", own.Name,
                "Reactor.SignalProgram");
            Assert.That(File.Exists(path), $"{path} is not built");
            return path;
        }
    }
}
