using System.Diagnostics;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Exercises;

/// <summary>
/// The judgements of all files of the course's exercises, made once for all tests: they take a
/// minute of two processors.
/// </summary>
internal sealed class JudgedExercises
{
    private static readonly Lazy<JudgedExercises> s_all = new(() => new JudgedExercises());

    private readonly Dictionary<string, VariantResult[]> _results = [];

    private JudgedExercises()
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = FamilyClock.Now;
        foreach (Lesson lesson in RealCourse.Lessons.All.Where(lesson => lesson.HasExercise))
        {
            var judge = new Judge(lesson);
            _results[lesson.Name] =
            [
                .. ExerciseJudge.Files(lesson).AsParallel().AsOrdered().WithDegreeOfParallelism(2)
                    .Select(file => ExerciseJudge.Run(
                        lesson, judge, file.Path, file.Kind, new RunLimits())),
            ];
        }

        Time = Stopwatch.GetElapsedTime(start);
        ProcessorTime = FamilyClock.Now - before;
    }

    public static JudgedExercises All => s_all.Value;

    public TimeSpan Time { get; }

    /// <summary>That of this process and of the processes of the answers.</summary>
    public TimeSpan ProcessorTime { get; }

    public int Count => _results.Values.Sum(results => results.Length);

    /// <summary>The results of a lesson, as <see cref="ExerciseJudge.Files"/> has them.</summary>
    public IReadOnlyList<VariantResult> Of(string lesson) => _results[lesson];
}
