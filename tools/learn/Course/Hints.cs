namespace Reactor.Learn;

/// <summary>The hints of an exercise: a page with the headings ## 1, ## 2 and ## 3.</summary>
internal static class Hints
{
    /// <summary>Each exercise has as many.</summary>
    public const int Count = 3;

    /// <summary>
    /// The hints in their order; null if the file is missing or not as it must be.
    /// </summary>
    public static IReadOnlyList<string>? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var hints = new List<string>();
        foreach (string line in File.ReadAllLines(path))
        {
            if (line.TrimEnd() == $"## {hints.Count + 1}")
            {
                hints.Add("");
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                return null;
            }
            else if (hints.Count > 0)
            {
                hints[^1] += line.TrimEnd() + "\n";
            }
        }

        return hints.Any(hint => hint.Trim().Length == 0)
            ? null : [.. hints.Select(hint => hint.Trim())];
    }
}
