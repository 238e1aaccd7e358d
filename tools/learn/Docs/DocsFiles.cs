namespace Reactor.Learn;

/// <summary>What a path of the pages leads to.</summary>
internal enum DocsKind
{
    Markdown,
    Source,
    Image,
    Folder,
}

/// <summary>A file or folder that is served.</summary>
/// <param name="Path">From the root, with '/' between folders.</param>
/// <param name="FullPath">Where it is.</param>
/// <param name="Kind">How it is shown.</param>
internal sealed record DocsFile(string Path, string FullPath, DocsKind Kind)
{
    public string ContentType => System.IO.Path.GetExtension(Path) switch
    {
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        _ => "text/plain; charset=utf-8",
    };
}

/// <summary>
/// The files of the repository that the pages may show: texts, sources and pictures in known
/// folders; nothing hidden, nothing built, and no link out of the repository. Any thread.
/// </summary>
internal sealed class DocsFiles(string root)
{
    private static readonly string[] s_folders =
        ["bench", "docs", "lessons", "samples", "src", "tests", "tools"];

    private static readonly string[] s_built = ["bin", "obj", "artifacts"];

    /// <summary>The file of a path from the root, or null.</summary>
    public DocsFile? Find(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool isKnown = parts.Length == 0 || s_folders.Contains(parts[0])
            || (parts.Length == 1 && parts[0].EndsWith(".md", StringComparison.Ordinal));
        if (!isKnown || parts.Any(part => !IsName(part)))
        {
            return null;
        }

        string full = Path.Combine([root, .. parts]);
        string clean = string.Join('/', parts);
        FileSystemInfo info = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        return !info.Exists || info.LinkTarget is not null ? null
            : info is DirectoryInfo ? new DocsFile(clean, full, DocsKind.Folder)
            : KindOf(clean) is { } kind ? new DocsFile(clean, full, kind) : null;
    }

    /// <summary>What a folder has that is served, by name.</summary>
    public IReadOnlyList<DocsFile> In(DocsFile folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.FullPath)
            .Select(entry => Find($"{folder.Path}/{Path.GetFileName(entry)}"))
            .OfType<DocsFile>().OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static bool IsName(string part) =>
        part[0] != '.' && !part.Contains('\\') && !part.Contains('\0') && !s_built.Contains(part);

    private static DocsKind? KindOf(string path) => Path.GetExtension(path) switch
    {
        ".md" => DocsKind.Markdown,
        ".cs" or ".csproj" or ".props" or ".targets" or ".sh" or ".txt" or ".json" =>
            DocsKind.Source,
        ".svg" or ".png" => DocsKind.Image,
        _ => null,
    };
}
