// No misconception is reported for an answer that does not have it: for the solution of another
// exercise, and for mutants of a solution whose outcomes are not those of a wrong answer. A mutant
// fits a wrong answer if both have the same outcomes in every scenario; then its name is right.

using System.Collections.Concurrent;
using System.Diagnostics;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Exercises;

[TestFixture]
[Category("Slow")]
[NonParallelizable]
public sealed class UnrelatedAnswerTests
{
    private const int MutantsMin = 200;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    // Mutants are often endless; their scenarios need milliseconds.
    private static readonly RunLimits s_limits = new()
    {
        Answer = TimeSpan.FromSeconds(3),
    };

    private static Lesson[] Exercises =>
        [.. RealCourse.Lessons.All.Where(lesson => lesson.HasExercise)];

    [Test]
    public void The_solution_of_another_exercise_has_no_misconception()
    {
        (Lesson Lesson, Source Solution)[] solutions = [.. Exercises.Select(
            lesson => (lesson, Judge.ReadSource(lesson, lesson.Solution)))];
        var named = new ConcurrentBag<string>();
        Parallel.ForEach(
            Exercises, new ParallelOptions { MaxDegreeOfParallelism = 2 }, lesson =>
            {
                var judge = new Judge(lesson);
                foreach ((Lesson other, Source solution) in solutions)
                {
                    Judgement? judgement =
                        other == lesson ? null : judge.Run(solution, s_limits);
                    if (judgement is { IsRight: true } or { Numbers.Count: > 0 })
                    {
                        named.Add($"{other.Name} in {lesson.Name}: "
                            + string.Join(", ", judgement.Numbers));
                    }
                }
            });
        Assert.That(named, Is.Empty);
    }

    [Test]
    public void A_mutant_that_fits_no_wrong_answer_has_no_misconception()
    {
        long start = Stopwatch.GetTimestamp();
        int seed = TestSeed.Next();
        var random = new Random(seed);
        var found = new MutantCount();
        Lesson[] exercises = Exercises;
        var judges = exercises.Select(lesson => new Judge(lesson)).ToArray();
        var outcomes = new Dictionary<string, string>[exercises.Length];
        while (found.Unfitting < MutantsMin && Stopwatch.GetElapsedTime(start) < s_limit)
        {
            int[] picked = [random.Next(exercises.Length), random.Next(exercises.Length)];
            Mutation?[] mutations = [.. picked.Select(i => Mutation.Make(
                Judge.ReadSource(exercises[i], exercises[i].Solution), random))];
            foreach (int i in picked)
            {
                outcomes[i] ??= WrongOutcomes(exercises[i], judges[i]);
            }

            Parallel.For(0, picked.Length, k =>
            {
                if (mutations[k] is { } mutation)
                {
                    found.Add(
                        exercises[picked[k]].Name, mutation,
                        judges[picked[k]].Run(mutation.Source, s_limits), outcomes[picked[k]]);
                }
            });
        }

        TestContext.Out.WriteLine(found);
        Assert.That(found.Mistakes, Is.Empty);
        Assert.That(found.Unfitting, Is.AtLeast(MutantsMin));
    }

    // The outcomes of each wrong answer as one text, with its number.
    private static Dictionary<string, string> WrongOutcomes(Lesson lesson, Judge judge)
    {
        var all = new Dictionary<string, string>();
        foreach (string path in lesson.WrongAnswers)
        {
            Judgement judgement = judge.Run(Judge.ReadSource(lesson, path), s_limits);
            all.TryAdd(
                MutantCount.Outcomes(judgement), Exercise.ReadMisconception(lesson, path).Number);
        }

        return all;
    }

    // What became of the mutants. Any thread.
    private sealed class MutantCount
    {
        private readonly Lock _gate = new();
        private readonly List<string> _mistakes = [];

        private int _invalid;
        private int _right;
        private int _fitting;

        public int Unfitting { get; private set; }

        public IReadOnlyList<string> Mistakes => _mistakes;

        public static string Outcomes(Judgement judgement) => string.Join(
            "\n", judgement.Result!.Scenarios.Select(scenario => string.Join(
                ";", scenario.Failures.Select(one => string.Join('|', one.Lines)).Distinct())));

        public void Add(
            string exercise, Mutation mutation, Judgement judgement,
            Dictionary<string, string> wrong)
        {
            lock (_gate)
            {
                if (judgement.Result is null or { Broken: not null })
                {
                    _invalid++;
                }
                else if (judgement.IsRight)
                {
                    _right++;
                }
                else if (wrong.TryGetValue(Outcomes(judgement), out string? number))
                {
                    _fitting++;
                    Check(judgement.Numbers is [var only] && only == number);
                }
                else
                {
                    Unfitting++;
                    Check(judgement.Numbers.Count == 0);
                }
            }

            void Check(bool isAsExpected)
            {
                if (!isAsExpected)
                {
                    _mistakes.Add($"{exercise}, {mutation.What}: "
                        + $"named '{string.Join(", ", judgement.Numbers)}' for\n"
                        + Outcomes(judgement));
                }
            }
        }

        public override string ToString() => $"{Unfitting} mutants fit no wrong answer, {_fitting} "
            + $"fit one, {_right} are right, {_invalid} do not compile or run";
    }
}
