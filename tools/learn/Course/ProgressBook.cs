namespace Reactor.Learn;

/// <summary>
/// The progress as verbs use it: trouble with the file is a warning, because no check depends on
/// it. One thread.
/// </summary>
internal sealed class ProgressBook
{
    private readonly LearnContext _context;
    private readonly Progress? _progress;

    private ProgressBook(LearnContext context, Progress? progress) =>
        (_context, _progress) = (context, progress);

    /// <summary>Opens the file, and warns of lines that cannot be read.</summary>
    public static ProgressBook Open(LearnContext context)
    {
        string path = Path.Combine(context.Lessons.Folder, "progress.txt");
        try
        {
            Progress progress = Progress.Load(path);
            foreach (int line in progress.BrokenLines)
            {
                context.Warn(Texts.BrokenProgress, line);
            }

            return new ProgressBook(context, progress);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            context.Warn(Texts.CannotRead, "lessons/progress.txt", error.Message);
            return new ProgressBook(context, null);
        }
    }

    public LessonProgress Of(Lesson lesson) => _progress?.Of(lesson) ?? new();

    public void Change(Lesson lesson, Func<LessonProgress, LessonProgress> change)
    {
        try
        {
            _progress?.Set(lesson, change(Of(lesson)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _context.Warn(Texts.CannotWrite, "lessons/progress.txt", error.Message);
        }
    }
}
