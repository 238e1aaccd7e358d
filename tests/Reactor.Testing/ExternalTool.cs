// A test may need a program that is no part of the repository: a load generator, a proxy, a second
// server. On a developer's machine such a test is skipped with the name of the Debian package to
// install; in CI, where REACTOR_REQUIRE_TOOLS is 1, a missing program is a failure, because a test
// that is always skipped guards nothing. Only looks into the file system; any thread.

namespace Reactor.Testing;

/// <summary>Finds programs that some tests run beside ours.</summary>
public static class ExternalTool
{
    /// <summary>When this variable is 1, a missing tool fails the test.</summary>
    public const string RequireVariable = "REACTOR_REQUIRE_TOOLS";

    // Debian keeps servers there, and the PATH of an ordinary user leaves it out.
    private static readonly string[] s_serverFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The full path of <paramref name="tool"/>, or the end of the test.</summary>
    /// <param name="tool">The program's file name.</param>
    /// <param name="package">The Debian package that holds it.</param>
    public static string Require(string tool, string package) => Require(
        tool, package, Environment.GetEnvironmentVariable("PATH"),
        Environment.GetEnvironmentVariable(RequireVariable) == "1");

    /// <summary>As above, with what the environment would say.</summary>
    public static string Require(string tool, string package, string? path, bool isRequired)
    {
        if (Find(tool, path) is { } found)
        {
            return found;
        }
        throw Missing(tool, package, isRequired);
    }

    /// <summary>
    /// The full path of Debian's Python, which has a module, or the end of the test. Another Python
    /// on the PATH does not see Debian's modules.
    /// </summary>
    /// <param name="module">The module's name.</param>
    /// <param name="package">The Debian package that holds it.</param>
    public static string RequireModule(string module, string package)
    {
        const string Debian = "/usr/bin/python3";
        bool hasModule = File.Exists(Debian)
            && ChildProcess.Run(Debian, "-c", $"import {module}").ExitCode == 0;
        return hasModule ? Debian : throw Missing(
            module, package, Environment.GetEnvironmentVariable(RequireVariable) == "1");
    }

    /// <summary>The first executable file of that name, or null.</summary>
    public static string? Find(string tool, string? path) =>
        (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(s_serverFolders)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(IsExecutable);

    private static InvalidOperationException Missing(string tool, string package, bool isRequired)
    {
        string message = $"'{tool}' is not on this machine: apt-get install {package}";
        if (isRequired)
        {
            Assert.Fail($"{message} ({RequireVariable} is 1)");
        }
        Assert.Ignore(message);
        return new InvalidOperationException(message);
    }

    private static bool IsExecutable(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }
        const UnixFileMode executable =
            UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & executable) != 0;
    }
}
