namespace Reactor.Learn;

/// <summary>
/// A lesson by its name, such as 07_timers, and where its files are. The files may be missing while
/// a course is written. Immutable; any thread.
/// </summary>
/// <param name="Root">The folder of the repository.</param>
/// <param name="Name">The name of the program without its ending.</param>
internal sealed record Lesson(string Root, string Name)
{
    /// <summary>Two digits.</summary>
    public string Number => Name[..2];

    /// <summary>The name as it is in the names of pages and pictures: 07-timers.</summary>
    public string PageName => Name.Replace('_', '-');

    /// <summary>The program.</summary>
    public string Program => Path.Combine(Root, "lessons", Name + ".cs");

    /// <summary>The folder of the exercise.</summary>
    public string Exercise => Path.Combine(Root, "lessons", "exercises", Name);

    /// <summary>What the learner edits.</summary>
    public string Answer => Path.Combine(Exercise, "Exercise.cs");

    public string Stub => Path.Combine(Exercise, "Stub.cs");

    public string Solution => Path.Combine(Exercise, "Solution.cs");

    /// <summary>What an answer is asked.</summary>
    public string Scenarios => Path.Combine(Exercise, "Scenarios.cs");

    public bool HasExercise => File.Exists(Scenarios);

    /// <summary>The wrong answers in the order of their numbers.</summary>
    public IReadOnlyList<string> WrongAnswers =>
        Directory.Exists(Path.Combine(Exercise, "wrong"))
            ? [.. Directory.GetFiles(Path.Combine(Exercise, "wrong"), "*.cs")
                .Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The picture of the run.</summary>
    public string Picture => Path.Combine(Root, "docs", "lessons", "pictures", PageName + ".svg");

    public string Hints(Language language) =>
        Path.Combine(Exercise, $"hints.{language.Folder()}.md");

    /// <summary>See <see cref="ScenarioTitles"/>.</summary>
    public string ChineseTitles => Path.Combine(Exercise, "titles.zh-CN.txt");

    public string Page(Language language) =>
        Path.Combine(Root, "docs", "lessons", language.Folder(), PageName + ".md");

    /// <summary>A path as messages show it: from the root, with '/'.</summary>
    public string FromRoot(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>
    /// The title: for Chinese that of the page, whose first line is `# 07 …: title`, if there is
    /// one.
    /// </summary>
    /// <exception cref="LearnException">The program is missing, or its head is wrong.</exception>
    public string TitleIn(Language language)
    {
        if (language != Language.English && File.Exists(Page(language)))
        {
            string heading = File.ReadLines(Page(language)).FirstOrDefault() ?? "";
            int colon = heading.IndexOfAny([':', '：']);
            if (heading.StartsWith("# ", StringComparison.Ordinal) && colon > 0)
            {
                return heading[(colon + 1)..].Trim();
            }
        }

        return Read().Title;
    }

    /// <summary>Reads the program and its head.</summary>
    /// <exception cref="LearnException">It is missing, or its head is wrong.</exception>
    public LessonFile Read()
    {
        try
        {
            return LessonFile.Parse(FromRoot(Program), File.ReadAllText(Program));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LearnException(
                ExitCode.Broken, $"{FromRoot(Program)} cannot be read: {error.Message}");
        }
        catch (FormatException error)
        {
            throw new LearnException(ExitCode.Broken, error.Message);
        }
    }
}
