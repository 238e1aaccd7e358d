namespace Reactor.Learn;

/// <summary>
/// The titles of an exercise's scenarios in Chinese: a text file that has each English title and,
/// indented in the next line, its translation.
/// </summary>
internal static class ScenarioTitles
{
    private const string Indent = "    ";

    /// <summary>The translations by the English title; empty without a file.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var titles = new Dictionary<string, string>();
        string english = "";
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (line.StartsWith(Indent, StringComparison.Ordinal))
            {
                titles[english] = line.Trim();
            }
            else
            {
                english = line.TrimEnd();
            }
        }

        return titles;
    }
}
