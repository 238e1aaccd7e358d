using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Reactor.Learn;

/// <summary>
/// Finds the compiler in the folder of the SDK that belongs to the runtime of this process.
/// Rejected: the compiler of the package, which is not precompiled and needs a second more for one
/// answer.
/// </summary>
internal static class SdkCompiler
{
    private const string Name = "Microsoft.CodeAnalysis";

    /// <summary>
    /// To be called before any code that uses the compiler. Idempotent; any thread.
    /// </summary>
    public static void Use()
    {
        AssemblyLoadContext.Default.Resolving -= Load;
        AssemblyLoadContext.Default.Resolving += Load;
    }

    /// <summary>The folder of the compiler in the newest SDK; null if there is no SDK.</summary>
    /// <param name="runtime">
    /// The folder of the runtime, such as ROOT/shared/Microsoft.NETCore.App/10.0.0.
    /// </param>
    public static string? Find(string runtime)
    {
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string sdks = Path.Combine(root, "sdk");
        return !Directory.Exists(sdks)
            ? null
            : Directory.EnumerateDirectories(sdks)
                .Where(folder => Version.TryParse(VersionText(folder), out _))
                .OrderByDescending(folder => Version.Parse(VersionText(folder)))
                .Select(folder => Path.Combine(folder, "Roslyn", "bincore"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, Name + ".CSharp.dll")));
    }

    // A preview has a suffix.
    private static string VersionText(string folder) => Path.GetFileName(folder).Split('-')[0];

    private static Assembly? Load(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name?.StartsWith(Name, StringComparison.Ordinal) != true)
        {
            return null;
        }

        string folder = Find(RuntimeEnvironment.GetRuntimeDirectory()) ?? throw new LearnException(
            ExitCode.Broken, "The compiler of the .NET SDK was not found beside the runtime.");
        string file = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
