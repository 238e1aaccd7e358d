namespace Reactor.Learn;

/// <summary>
/// What the page of a lesson is compared with: the program, the one that it grows from, the other
/// pages. Immutable; any thread.
/// </summary>
internal sealed class LessonPage
{
    /// <param name="path">From the root.</param>
    /// <param name="text">The page.</param>
    public LessonPage(string path, string text)
    {
        Path = path;
        Text = new PageText(text);
    }

    public string Path { get; }

    public PageText Text { get; }

    /// <summary>The name of the program, such as 07_timers.</summary>
    public required string Name { get; init; }

    public required Language Language { get; init; }

    public required LessonFile Program { get; init; }

    /// <summary>The program whose difference is shown; null: no difference is.</summary>
    public LessonFile? Before { get; init; }

    /// <summary>The check sum of the English page; null for an English page.</summary>
    public string? EnglishSum { get; init; }

    /// <summary>The names of the pages before and after; null at the ends.</summary>
    public string? Previous { get; init; }

    public string? Next { get; init; }

    /// <summary>True if the picture of the run exists.</summary>
    public bool HasPicture { get; init; }

    public string Number => Name[..2];

    public string PageName => Name.Replace('_', '-');

    public PageHeadings Headings => PageHeadings.Of(Language);

    /// <summary>The second line, which names the lesson, and what a translation is of.</summary>
    public string Mark => EnglishSum is null
        ? $"<!-- lesson {Name} -->"
        : $"<!-- lesson {Name}; English: {EnglishSum} -->";

    /// <summary>The difference of the programs without their heads.</summary>
    public IReadOnlyList<string> Change => Before is null
        ? [] : LineDiff.Of([.. Before.Body], [.. Program.Body]);

    /// <summary>The blocks of the program.</summary>
    public IReadOnlyList<PageBlock> ProgramBlocks => BlocksOf(Headings.Program, "csharp");

    /// <summary>The block with the output, or null.</summary>
    public PageBlock? OutputBlock => FirstOf(Headings.Happened, "text");

    /// <summary>The block with the difference, or null.</summary>
    public PageBlock? ChangeBlock => FirstOf(Headings.Changed, "diff");

    private PageBlock? FirstOf(string heading, string language) =>
        BlocksOf(heading, language) is [var first, ..] ? first : null;

    private IReadOnlyList<PageBlock> BlocksOf(string heading, string language) =>
        Text.Find(heading) is { } section ? Text.BlocksOf(section, language) : [];
}
