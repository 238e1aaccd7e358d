using System.Collections.Frozen;

namespace Reactor.Inspector;

/// <summary>
/// The files of the page, which are embedded in the assembly: the list is fixed, so no path of a
/// request reaches the file system. Immutable; any thread.
/// </summary>
internal static class PageFiles
{
    private static readonly FrozenDictionary<string, PageFile> s_files = ReadAll();

    public static IEnumerable<string> Names => s_files.Keys;

    public static PageFile Get(string name) => s_files[name];

    private static FrozenDictionary<string, PageFile> ReadAll()
    {
        var files = new Dictionary<string, PageFile>();
        System.Reflection.Assembly assembly = typeof(PageFiles).Assembly;
        foreach (string name in assembly.GetManifestResourceNames())
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(name, new PageFile(bytes, TypeOf(Path.GetExtension(name))));
        }

        return files.ToFrozenDictionary();
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

/// <summary>A file of the page, with its media type.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType);
