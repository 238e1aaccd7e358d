namespace Reactor.Testing;

/// <summary>
/// Finds packages of npm that some tests use, which .ci/run installs into artifacts/npm. A missing
/// one ends the test like a missing program (<see cref="ExternalTool"/>). Any thread.
/// </summary>
public static class NpmPackage
{
    /// <summary>The folder of all packages, if the given one is there.</summary>
    /// <param name="name">The package.</param>
    /// <param name="version">Its version, for the command that installs it.</param>
    public static string Require(string name, string version)
    {
        string modules = Path.Combine(
            RepositoryFolder.Path, "artifacts", "npm", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, name)))
        {
            string message = $"missing: npm install --prefix artifacts/npm {name}@{version}";
            if (Environment.GetEnvironmentVariable(ExternalTool.RequireVariable) == "1")
            {
                Assert.Fail(message);
            }

            Assert.Ignore(message);
        }

        return modules;
    }
}
