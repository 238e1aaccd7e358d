namespace Reactor.Testing;

/// <summary>
/// Finds the programs of <c>tools</c> that tests start: those that were built with the tests, or,
/// where the environment names a folder, the native executables in it. <c>.ci/run</c> runs
/// the tests with both.
/// </summary>
public static class BuiltPrograms
{
    /// <summary>
    /// The folder with native <c>reactor</c> and <c>loadgen</c>; unset: the built ones.
    /// </summary>
    private const string NativeVariable = "REACTOR_NATIVE_BINARIES";

    private static readonly string? s_native = Environment.GetEnvironmentVariable(NativeVariable);

    /// <summary>True if the programs are native executables.</summary>
    public static bool AreNative => !string.IsNullOrEmpty(s_native);

    /// <summary>The path of a program; the test fails if it is not there.</summary>
    /// <param name="project">The folder of its project in <c>tools</c>.</param>
    /// <param name="program">The name of the executable.</param>
    public static string Find(string project, string program)
    {
        // The layout of Directory.Build.props: artifacts/bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        string path = AreNative
            ? Path.Combine(s_native!, program)
            : Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, program);
        Assert.That(File.Exists(path), $"{path} is not built");
        return path;
    }

    /// <summary>Skips the test unless the programs are native executables.</summary>
    public static void RequireNative()
    {
        if (!AreNative)
        {
            Assert.Ignore(
                $"the native executables are tested by .ci/run, with {NativeVariable} set");
        }
    }
}
