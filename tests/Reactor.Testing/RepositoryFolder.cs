namespace Reactor.Testing;

/// <summary>Finds the repository that the tests were built from. Any thread.</summary>
public static class RepositoryFolder
{
    /// <summary>Its full path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Reactor.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("no Reactor.sln above the tests");
    }
}
