// Other programs: whether they are there, what they say, and whether they succeed.
using System.ComponentModel;
using System.Diagnostics;

namespace Reactor.Bench.Servers;

internal static class Programs
{
    // Where Debian puts servers, which is on no user's path.
    private static readonly string[] s_more = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(s_more)
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Whether it succeeded, and all it printed.</returns>
    public static async Task<(bool Succeeded, string Text)> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken stop)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using CancellationTokenRegistration end =
                stop.Register(() => process.Kill(entireProcessTree: true));
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string text = await process.StandardOutput.ReadToEndAsync(CancellationToken.None)
                + await errors;
            await process.WaitForExitAsync(CancellationToken.None);
            stop.ThrowIfCancellationRequested();
            return (process.ExitCode == 0, text.Trim());
        }
        catch (Win32Exception error)
        {
            return (false, error.Message);
        }
    }

    /// <summary>The last line of what a program printed: where a failure says its reason.</summary>
    public static string LastLine(string text) => text.Split('\n')[^1].Trim();
}
