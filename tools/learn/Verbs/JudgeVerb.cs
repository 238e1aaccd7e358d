using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace Reactor.Learn;

/// <summary>
/// <c>learn judge [07]</c>, for authors: judges every file of an exercise, or of all, two at a
/// time, and shows a table and the complaints. The exit code tells whether there is a complaint.
/// </summary>
internal static class JudgeVerb
{
    private const int AtATime = 2;

    public static Command Create(LearnContext context)
    {
        Argument<string?> lesson = LessonArgument.CreateOptional();
        var command = new Command(
            "judge", "For authors: judges stub, solution and wrong answers of an exercise.")
        {
            lesson,
        };
        command.SetAction(parsed => Run(context, parsed.GetValue(lesson)));
        return command;
    }

    private static int Run(LearnContext context, string? word)
    {
        IEnumerable<Lesson> lessons = word is null
            ? context.Lessons.All.Where(one => one.HasExercise)
            : [LessonArgument.Find(context, word)];
        long start = Stopwatch.GetTimestamp();
        var complaints = new List<string>();
        int count = 0;
        var table = new Table { Border = TableBorder.Minimal };
        table.AddColumns("", "file", "number", "named", "ms", "");
        foreach (Lesson lesson in lessons)
        {
            LessonArgument.RequireExercise(context, lesson);
            complaints.AddRange(ExerciseJudge.Complaints(lesson));
            VariantResult[] results = JudgeAll(lesson);
            count += results.Length;
            complaints.AddRange(ExerciseJudge.UnknownNumbers(lesson, results));
            foreach (VariantResult result in results)
            {
                table.AddRow(
                    lesson.Number, result.File, result.Number ?? "",
                    string.Join(", ", result.Judgement.Numbers),
                    $"{result.Time.TotalMilliseconds:F0}", result.Complaint is null ? "✓" : "✗");
                if (result.Complaint is { } complaint)
                {
                    complaints.Add($"{lesson.Name}/{result.File} {complaint}");
                }
            }
        }

        context.Terminal().Write(table);
        complaints.ForEach(context.Out.WriteLine);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        context.Out.WriteLine($"{count} files, {complaints.Count} complaints, {seconds:F1} s");
        return complaints.Count == 0 ? ExitCode.Ok : ExitCode.Wrong;
    }

    private static VariantResult[] JudgeAll(Lesson lesson)
    {
        var judge = new Judge(lesson);
        IReadOnlyList<(string Path, VariantKind Kind)> files = ExerciseJudge.Files(lesson);
        var results = new VariantResult[files.Count];
        try
        {
            Parallel.For(
                0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime },
                i => results[i] = ExerciseJudge.Run(
                    lesson, judge, files[i].Path, files[i].Kind, new RunLimits()));
        }
        catch (AggregateException error) when (error.InnerException is LearnException first)
        {
            throw first;
        }

        return results;
    }
}
