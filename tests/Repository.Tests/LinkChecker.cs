// Rule: a relative link in a Markdown file leads to a file or folder of the repository, and its
// fragment to a heading of that file. Code blocks and code spans hold no links. Links to other
// hosts are not followed: a test asks nothing of the network.

using System.Text;
using System.Text.RegularExpressions;

namespace Repository.Tests;

public static partial class LinkChecker
{
    /// <param name="page">The Markdown file.</param>
    /// <param name="read">The text at a path from the root; "" for a folder.</param>
    public static IEnumerable<Finding> Check(SourceFile page, Func<string, string?> read)
    {
        string[] lines = WithoutCode(page.Text).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (Match match in Link().Matches(lines[i]))
            {
                string target = match.Groups["target"].Value;
                if (!Scheme().IsMatch(target) && Complaint(page.Path, target, read) is { } text)
                {
                    yield return new(page.Path, i + 1, text);
                }
            }
        }
    }

    /// <summary>
    /// The Markdown files below the folder of an index to which no link leads: neither of it nor of
    /// the README of their own folder.
    /// </summary>
    public static IEnumerable<Finding> Unlisted(SourceFile index, IReadOnlyList<SourceFile> files)
    {
        string folder = FolderOf(index.Path);
        SourceFile[] pages = [.. files.Where(file =>
            file.Path.StartsWith(folder, StringComparison.Ordinal)
            && file.Path.EndsWith(".md", StringComparison.Ordinal))];
        HashSet<string> listed = [.. pages
            .Where(page => page.Path.EndsWith("/README.md", StringComparison.Ordinal))
            .SelectMany(LinkedOf)];
        return pages.Where(page => page.Path != index.Path && !listed.Contains(page.Path))
            .Select(page => new Finding(index.Path, 1, $"{page.Path} has no link in the index"));
    }

    private static IEnumerable<string> LinkedOf(SourceFile page) =>
        Link().Matches(WithoutCode(page.Text))
            .Select(match => FolderOf(page.Path) + match.Groups["target"].Value.Split('#')[0]);

    private static string FolderOf(string path) =>
        Path.GetDirectoryName(path)!.Replace('\\', '/') + "/";

    /// <summary>The name that a heading gets in a link, as the usual forges make it.</summary>
    public static string Slug(string heading)
    {
        StringBuilder slug = new();
        foreach (char c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
            {
                slug.Append(c);
            }
            else if (c == ' ')
            {
                slug.Append('-');
            }
        }
        return slug.ToString();
    }

    private static string? Complaint(string page, string target, Func<string, string?> read)
    {
        string[] parts = Uri.UnescapeDataString(target).Split('#', 2);
        string path = page;
        if (parts[0].Length > 0)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(page, "/"))!;
            path = Path.GetFullPath(parts[0], folder).TrimStart('/').TrimEnd('/');
        }
        if (read(path) is not { } text)
        {
            return $"the link leads to {path}, which does not exist";
        }
        bool found = parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)
            || Heading().Matches(WithoutCode(text, keepSpans: true))
                .Any(match => Slug(match.Groups[1].Value) == parts[1])
            || text.Contains($"id=\"{parts[1]}\"", StringComparison.Ordinal);
        return found ? null : $"{path} has no heading '{parts[1]}'";
    }

    // Every character but a line's end becomes a space, so that line numbers stay true.
    private static string WithoutCode(string text, bool keepSpans = false)
    {
        string plain = Fence().Replace(text, match => NotNewline().Replace(match.Value, " "));
        return keepSpans ? plain : CodeSpan().Replace(plain, match => new(' ', match.Length));
    }

    [GeneratedRegex(@"\]\(<?(?<target>[^)\s>]+)>?(?:\s+""[^""]*"")?\)"
        + @"|^\s*\[[^\]]+\]:\s*(?<target>\S+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#{1,6}[ \t]+(.+?)[ \t#]*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ \t]*(```|~~~)[\s\S]*?^[ \t]*\1", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(`+)[^`\n].*?\1")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex NotNewline();
}
