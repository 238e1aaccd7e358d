using System.Reflection;

namespace Reactor.Recording;

/// <summary>
/// The name of this program in the headers of its files: its entry assembly, as the process of
/// <c>dotnet app.dll</c> is "dotnet". Any thread.
/// </summary>
internal static class ThisProgram
{
    /// <summary>The name; of the process if no assembly is its entry.</summary>
    public static string Name => Assembly.GetEntryAssembly()?.GetName().Name
        ?? Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "";
}
