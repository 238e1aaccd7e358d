using System.Security.Cryptography;

namespace Reactor.Learn;

/// <summary>
/// All pages of the course: checks them, and writes the parts that come from programs, wrong
/// answers and other pages. One thread; other programs must not change the files meanwhile.
/// </summary>
internal sealed class CoursePages(Lessons lessons)
{
    private const string NotesName = "asyncio-notes.md";

    private static readonly Language[] s_languages = [Language.English, Language.Chinese];

    /// <summary>What is wrong, in the order of the files.</summary>
    public IReadOnlyList<PageFinding> Check()
    {
        var findings = new List<PageFinding>();
        foreach (Lesson lesson in lessons.All)
        {
            foreach (Language language in s_languages)
            {
                CheckPage(lesson, language, findings);
            }
        }

        findings.AddRange(CheckNotes());
        foreach ((string path, string? text, string? problem) in Generated())
        {
            string full = Path.Combine(lessons.Root, path);
            if (problem is not null)
            {
                findings.Add(new PageFinding(path, 0, problem));
            }
            else if (!File.Exists(full) || Read(full) != text)
            {
                findings.Add(new PageFinding(path, 0, "is stale; `learn docs --write` writes it"));
            }
        }

        return findings;
    }

    /// <summary>Writes what can be written; the paths of the changed files.</summary>
    /// <param name="translated">
    /// The lessons whose Chinese pages are up to date; their check sums are written. A check sum
    /// that was current before stays so.
    /// </param>
    public IReadOnlyList<string> Write(Func<Lesson, bool> translated)
    {
        var changed = new List<string>();
        foreach (Lesson lesson in lessons.All.Where(lesson => Unreadable(lesson) is null))
        {
            WritePages(lesson, translated(lesson), changed);
        }

        foreach ((string path, string? text, _) in Generated())
        {
            if (text is not null)
            {
                WriteIfChanged(Path.Combine(lessons.Root, path), text, changed);
            }
        }

        return changed;
    }

    /// <summary>The check sum of a page.</summary>
    public static string SumOf(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    // Written by hand in both languages: the Chinese page names the English one that it is of.
    private IEnumerable<PageFinding> CheckNotes()
    {
        string english = Path.Combine(lessons.Root, "docs/lessons/en", NotesName);
        string chinese = Path.Combine(lessons.Root, "docs/lessons/zh-CN", NotesName);
        string mark = File.Exists(english) ? $"<!-- English: {SumOf(english)} -->" : "";
        if (File.Exists(chinese) && !Read(chinese).Split('\n').Contains(mark))
        {
            yield return new PageFinding(
                $"docs/lessons/zh-CN/{NotesName}", 2,
                "bring this page up to date with the English one; then its second line is "
                    + $"'{mark}'");
        }
    }

    private void CheckPage(Lesson lesson, Language language, List<PageFinding> findings)
    {
        string path = lesson.FromRoot(lesson.Page(language));
        if (Unreadable(lesson) is { } problem)
        {
            findings.Add(problem);
        }
        else if (Load(lesson, language) is not { } page)
        {
            findings.Add(new PageFinding(path, 0, "the page does not exist"));
        }
        else
        {
            findings.AddRange(PageChecker.Check(page));
            findings.AddRange(Tour.Check(
                path, page.Text, page.Headings.Reasons, Tour.Stops(lessons.Root, lesson.Number)));
        }
    }

    private static PageFinding? Unreadable(Lesson lesson)
    {
        try
        {
            lesson.Read();
            return null;
        }
        catch (LearnException wrong)
        {
            return new PageFinding(lesson.FromRoot(lesson.Program), 0, wrong.Message);
        }
    }

    private void WritePages(Lesson lesson, bool isTranslated, List<string> changed)
    {
        string english = lesson.Page(Language.English);
        string before = File.Exists(english) ? SumOf(english) : "";
        if (Load(lesson, Language.English) is { } page)
        {
            WriteIfChanged(english, PageWriter.Write(page), changed);
        }

        if (Load(lesson, Language.Chinese) is { } translation)
        {
            bool wasCurrent = translation.Text.Lines.Count > 1
                && before.Length > 0
                && translation.Text.Lines[1].Contains(before, StringComparison.Ordinal);
            string text = PageWriter.Write(translation);
            WriteIfChanged(
                lesson.Page(Language.Chinese),
                wasCurrent || isTranslated ? PageWriter.WithSum(translation, text) : text, changed);
        }
    }

    // Null: there is no page.
    private LessonPage? Load(Lesson lesson, Language language)
    {
        string path = lesson.Page(language);
        if (!File.Exists(path))
        {
            return null;
        }

        LessonFile program = lesson.Read();
        string english = lesson.Page(Language.English);
        return new LessonPage(lesson.FromRoot(path), Read(path))
        {
            Name = lesson.Name,
            Language = language,
            Program = program,
            Before = PageHeadings.ShowsChange(lesson.Number) ? BaseOf(lesson, program) : null,
            EnglishSum = language == Language.English ? null
                : File.Exists(english) ? SumOf(english) : "",
            Previous = Neighbour(lesson, -1)?.PageName,
            Next = Neighbour(lesson, 1)?.PageName,
            HasPicture = File.Exists(lesson.Picture),
        };
    }

    private LessonFile? BaseOf(Lesson lesson, LessonFile program)
    {
        Lesson? before = program.GrowsFrom is { } name
            ? lessons.Find(name) : Neighbour(lesson, -1);
        return before is not null && Unreadable(before) is null ? before.Read() : null;
    }

    // The lesson with the next number, if there is one yet.
    private Lesson? Neighbour(Lesson lesson, int step)
    {
        int number = int.Parse(
            lesson.Number, System.Globalization.CultureInfo.InvariantCulture) + step;
        return lessons.Find(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private IEnumerable<(string Path, string? Text, string? Problem)> Generated()
    {
        foreach (Language language in s_languages)
        {
            string folder = $"docs/lessons/{language.Folder()}";
            string index = Path.Combine(lessons.Root, folder, "README.md");
            LessonPage[] pages = [.. lessons.All.Where(lesson => Unreadable(lesson) is null)
                .Select(lesson => Load(lesson, language)).OfType<LessonPage>()];
            string? text = File.Exists(index)
                ? IndexPage.Write(Read(index), language, pages.Select(IndexRow.Of)) : null;
            yield return (
                $"{folder}/README.md", text,
                text is null
                    ? $"has no lines '{IndexPage.Begin}' and '{IndexPage.End}'" : null);
            yield return Misconceptions($"{folder}/misconceptions.md", language);
        }
    }

    private (string Path, string? Text, string? Problem) Misconceptions(
        string path, Language language)
    {
        try
        {
            return (path, MisconceptionPage.Write(lessons, language), null);
        }
        catch (FormatException wrong)
        {
            return (path, null, wrong.Message);
        }
    }

    private void WriteIfChanged(string path, string text, List<string> changed)
    {
        if (!File.Exists(path) || Read(path) != text)
        {
            File.WriteAllText(path, text);
            changed.Add(Path.GetRelativePath(lessons.Root, path).Replace('\\', '/'));
        }
    }

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");
}
