namespace Reactor.Learn;

/// <summary>
/// Checks that the page of a lesson has its parts in their order, and that what comes from the
/// program is current. Pure; any thread.
/// </summary>
internal static class PageChecker
{
    private const int ColumnsMax = 120;
    private const int LinesOfLinks = 4;
    private const string Stale = "; `learn docs --write` writes it";

    public static IEnumerable<PageFinding> Check(LessonPage page) =>
    [
        .. CheckHead(page), .. CheckSections(page), .. CheckPredict(page), .. CheckProgram(page),
        .. CheckHappened(page), .. CheckChange(page), .. CheckExercise(page), .. CheckLinks(page),
        .. CheckLines(page),
    ];

    private static PageFinding At(LessonPage page, int index, string message) =>
        new(page.Path, index + 1, message);

    private static IEnumerable<PageFinding> CheckHead(LessonPage page)
    {
        string title = page.Text.Lines[0];
        bool isTitle = title.StartsWith($"# {page.Number} ", StringComparison.Ordinal)
            && (page.Language != Language.English
                || title.EndsWith(page.Program.Title, StringComparison.Ordinal));
        if (!isTitle)
        {
            yield return At(
                page, 0, page.Language == Language.English
                    ? $"the title is '# {page.Number} Name: {page.Program.Title}'"
                    : $"the title begins with '# {page.Number} '");
        }

        string mark = page.Text.Lines.Count > 1 ? page.Text.Lines[1] : "";
        if (mark != page.Mark)
        {
            bool isOld = page.EnglishSum is not null && mark.StartsWith(
                $"<!-- lesson {page.Name}; English: ", StringComparison.Ordinal);
            yield return At(
                page, 1, isOld
                    ? "the English page has changed: bring this page up to date, then run "
                        + $"`learn docs --write --translated {page.Number}`"
                    : $"the second line is '{page.Mark}'");
        }

        string question = page.Language == Language.English ? "**Question" : "**问题";
        if (!page.Text.Lines.Take(page.Text.HeadLines).Any(
            line => line.StartsWith(question, StringComparison.Ordinal)))
        {
            yield return At(page, 0, $"the page begins with a paragraph '{question}…'");
        }
    }

    private static IEnumerable<PageFinding> CheckSections(LessonPage page)
    {
        IReadOnlyList<string> expected = page.Headings.InOrder(page.Number);
        for (int i = 0; i < Math.Max(expected.Count, page.Text.Sections.Count); i++)
        {
            PageSection? section = page.Text.Sections.ElementAtOrDefault(i);
            string? heading = expected.ElementAtOrDefault(i);
            if (section?.Heading != heading)
            {
                yield return At(
                    page, section?.First ?? page.Text.Lines.Count - 1,
                    heading is null
                        ? $"the page has no section '{section!.Heading}'"
                        : $"here is the section '{heading}'; the order is "
                            + string.Join(", ", expected));
                yield break;
            }
        }
    }

    private static IEnumerable<PageFinding> CheckPredict(LessonPage page)
    {
        if (page.Text.Find(page.Headings.Predict) is not { } section)
        {
            yield break;
        }

        string[] lines = [.. page.Text.LinesOf(section)];
        foreach (string choice in page.Program.Choices.Append($"predict {page.Number}"))
        {
            if (!lines.Any(line => line.Contains(choice, StringComparison.Ordinal)))
            {
                yield return At(page, section.First, $"the section has no line with '{choice}'");
            }
        }
    }

    private static IEnumerable<PageFinding> CheckProgram(LessonPage page)
    {
        IReadOnlyList<PageBlock> blocks = page.ProgramBlocks;
        if (blocks.Count == 0)
        {
            yield return At(
                page, page.Text.Find(page.Headings.Program)?.First ?? 0,
                "the section of the program has no ```csharp block");
            yield break;
        }

        IReadOnlyList<string>[] present =
            [.. blocks.Select(block => ProgramWeaver.Filled([.. page.Text.LinesOf(block)]))];
        IReadOnlyList<IReadOnlyList<string>> woven = ProgramWeaver.Weave(
            page.Program.Lines, present, out string? complaint, out int wrong);
        if (complaint is not null)
        {
            yield return At(page, blocks[wrong].First, complaint);
            yield break;
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            int same = present[i].Zip(woven[i])
                .TakeWhile(pair => pair.First == pair.Second).Count();
            if (same < present[i].Count || same < woven[i].Count)
            {
                yield return At(
                    page, blocks[i].First + same, $"the program differs here{Stale}");
            }
        }
    }

    private static IEnumerable<PageFinding> CheckHappened(LessonPage page)
    {
        if (page.Text.Find(page.Headings.Happened) is not { } section)
        {
            yield break;
        }

        if (page.OutputBlock is not { } block)
        {
            yield return At(page, section.First, "the section has no ```text block");
        }
        else if (!page.Text.LinesOf(block).SequenceEqual(page.Program.ExpectedOutput))
        {
            yield return At(page, block.First, $"the output differs from the program's{Stale}");
        }

        string picture = $"](../pictures/{page.PageName}.svg)";
        if (!page.Text.LinesOf(section).Any(
            line => line.Contains(picture, StringComparison.Ordinal)))
        {
            yield return At(page, section.First, $"the section has no picture '![…{picture}'");
        }

        if (!page.HasPicture)
        {
            yield return new PageFinding(
                $"docs/lessons/pictures/{page.PageName}.svg", 0,
                $"the picture is missing; `learn pictures {page.Number}` writes it");
        }
    }

    private static IEnumerable<PageFinding> CheckChange(LessonPage page)
    {
        if (page.Before is null || page.Text.Find(page.Headings.Changed) is not { } section)
        {
            yield break;
        }

        if (page.ChangeBlock is not { } block)
        {
            yield return At(
                page, section.First,
                "the section has no ```diff block: add an empty one, and `learn docs --write`");
        }
        else if (!page.Text.LinesOf(block).SequenceEqual(page.Change))
        {
            yield return At(
                page, block.First,
                $"the difference to lesson {page.Before.Number} is another one{Stale}");
        }
    }

    private static IEnumerable<PageFinding> CheckExercise(LessonPage page)
    {
        if (page.Text.Find(page.Headings.Exercise) is { } section
            && !page.Text.LinesOf(section).Any(
                line => line.Contains($"check {page.Number}", StringComparison.Ordinal)))
        {
            yield return At(page, section.First, $"the section has no 'check {page.Number}'");
        }
    }

    private static IEnumerable<PageFinding> CheckLinks(LessonPage page)
    {
        string[] last = [.. page.Text.Lines.TakeLast(LinesOfLinks)];
        foreach (string other in new[] { page.Previous, page.Next }.OfType<string>())
        {
            if (!last.Any(line => line.Contains($"]({other}.md)", StringComparison.Ordinal)))
            {
                yield return At(
                    page, page.Text.Lines.Count - 1, $"the page ends without a link to {other}.md");
            }
        }
    }

    private static IEnumerable<PageFinding> CheckLines(LessonPage page)
    {
        for (int i = 0; i < page.Text.Lines.Count; i++)
        {
            string line = page.Text.Lines[i];
            bool mayBeLong = line.StartsWith('|')
                || line.StartsWith("![", StringComparison.Ordinal); // cannot be broken
            if (line.EnumerateRunes().Count() > ColumnsMax && !mayBeLong
                && !page.Text.Blocks.Any(
                    block => i >= block.First && i < block.First + block.Count))
            {
                yield return At(page, i, $"the line has more than {ColumnsMax} columns");
            }

            if (page.Language == Language.Chinese
                && line.Contains("call_soon", StringComparison.OrdinalIgnoreCase)
                && line.Contains("立即", StringComparison.Ordinal))
            {
                yield return At(page, i, "call_soon is 排到下一轮执行, never 立即");
            }
        }
    }
}
