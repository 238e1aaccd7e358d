namespace Reactor.Learn;

/// <summary>
/// Writes the parts of a page that come from its program: the blocks of the program, the output,
/// the difference. Pure; any thread.
/// </summary>
internal static class PageWriter
{
    /// <summary>
    /// The page with current blocks. Blocks that have no place in the program stay as they are; the
    /// check names them.
    /// </summary>
    public static string Write(LessonPage page)
    {
        var contents = new Dictionary<PageBlock, IReadOnlyList<string>>();
        IReadOnlyList<PageBlock> blocks = page.ProgramBlocks;
        IReadOnlyList<IReadOnlyList<string>> woven = ProgramWeaver.Weave(
            page.Program.Lines, [.. blocks.Select(block => page.Text.LinesOf(block).ToArray())],
            out string? complaint, out _);
        if (complaint is null)
        {
            for (int i = 0; i < blocks.Count; i++)
            {
                contents[blocks[i]] = woven[i];
            }
        }

        if (page.OutputBlock is { } output)
        {
            contents[output] = page.Program.ExpectedOutput;
        }

        if (page.ChangeBlock is { } change && page.Before is not null)
        {
            contents[change] = page.Change;
        }

        return page.Text.With(contents);
    }

    /// <summary>A Chinese page with the check sum of its present English page.</summary>
    public static string WithSum(LessonPage page, string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length > 1 && lines[1].StartsWith("<!-- lesson ", StringComparison.Ordinal))
        {
            lines[1] = page.Mark;
        }

        return string.Join('\n', lines);
    }
}
