namespace Reactor.Learn;

/// <summary>The misconceptions of an exercise, from the heads of its wrong answers.</summary>
internal static class Exercise
{
    /// <summary>All, in the order of their numbers.</summary>
    /// <exception cref="LearnException">A head cannot be read.</exception>
    public static IReadOnlyList<Misconception> Misconceptions(Lesson lesson) =>
        [.. lesson.WrongAnswers.Select(path => ReadMisconception(lesson, path))];

    /// <summary>That of one wrong answer.</summary>
    /// <exception cref="LearnException">Its head cannot be read.</exception>
    public static Misconception ReadMisconception(Lesson lesson, string path)
    {
        try
        {
            return Misconception.Parse(
                lesson.FromRoot(path), Judge.ReadSource(lesson, path).Text);
        }
        catch (FormatException error)
        {
            throw new LearnException(ExitCode.Broken, error.Message);
        }
    }
}
