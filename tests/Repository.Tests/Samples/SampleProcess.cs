// Starts a sample, or what builds it, in the root of the repository. Variables that `dotnet test`
// sets for its own build are removed: they would steer the build of the sample.

using System.Diagnostics;
using Reactor.Testing;

namespace Repository.Tests.Samples;

public static class SampleProcess
{
    public static ChildProcess Start(string file, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments) { WorkingDirectory = RepositoryFiles.Root };
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }
        return ChildProcess.Start(start);
    }
}
