namespace Reactor.Learn;

/// <summary>The lines between two fences of a page, with the language of the code.</summary>
/// <param name="Language">Behind the opening fence.</param>
/// <param name="First">The index of its first line.</param>
/// <param name="Count">How many lines it has.</param>
internal sealed record PageBlock(string Language, int First, int Count);

/// <summary>A section of a page: its heading, and the lines up to the next one.</summary>
/// <param name="Heading">Without the marks.</param>
/// <param name="First">The index of the line of the heading.</param>
/// <param name="Count">How many lines it has, with the heading.</param>
internal sealed record PageSection(string Heading, int First, int Count);

/// <summary>
/// The lines of a Markdown page, with the sections of the second level and the fenced blocks.
/// Immutable; any thread.
/// </summary>
internal sealed class PageText
{
    private const string Fence = "```";

    public PageText(string text)
    {
        Lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var blocks = new List<PageBlock>();
        var heads = new List<int>();
        for (int i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                int end = i + 1;
                while (end < Lines.Count && Lines[end].TrimEnd() != Fence)
                {
                    end++;
                }

                blocks.Add(new PageBlock(Lines[i][Fence.Length..].Trim(), i + 1, end - i - 1));
                i = end;
            }
            else if (Lines[i].StartsWith("## ", StringComparison.Ordinal))
            {
                heads.Add(i);
            }
        }

        Blocks = blocks;
        Sections = [.. heads.Select((first, index) => new PageSection(
            Lines[first][3..].Trim(), first,
            (index + 1 < heads.Count ? heads[index + 1] : Lines.Count) - first))];
    }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>The blocks in the order of the page.</summary>
    public IReadOnlyList<PageBlock> Blocks { get; }

    /// <summary>The sections in the order of the page.</summary>
    public IReadOnlyList<PageSection> Sections { get; }

    /// <summary>The lines before the first section.</summary>
    public int HeadLines => Sections is [var first, ..] ? first.First : Lines.Count;

    /// <summary>The first section with a heading, or null.</summary>
    public PageSection? Find(string heading) =>
        Sections.FirstOrDefault(section => section.Heading == heading);

    /// <summary>The blocks of a section in a language.</summary>
    public IReadOnlyList<PageBlock> BlocksOf(PageSection section, string language) =>
        [.. Blocks.Where(block => block.Language == language
            && block.First > section.First && block.First < section.First + section.Count)];

    public IEnumerable<string> LinesOf(PageBlock block) =>
        Lines.Skip(block.First).Take(block.Count);

    public IEnumerable<string> LinesOf(PageSection section) =>
        Lines.Skip(section.First).Take(section.Count);

    /// <summary>The page with other lines in some of its blocks.</summary>
    public string With(IReadOnlyDictionary<PageBlock, IReadOnlyList<string>> contents)
    {
        var lines = new List<string>();
        int at = 0;
        foreach (PageBlock block in Blocks.Where(contents.ContainsKey))
        {
            lines.AddRange(Lines.Skip(at).Take(block.First - at));
            lines.AddRange(contents[block]);
            at = block.First + block.Count;
        }

        lines.AddRange(Lines.Skip(at));
        return string.Join('\n', lines) + "\n";
    }
}
