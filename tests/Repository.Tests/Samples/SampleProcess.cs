// Starts a sample, or what builds it, in the root of the repository. What `dotnet test` sets for its
// own build would steer the build of the sample, so it is taken away.

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
