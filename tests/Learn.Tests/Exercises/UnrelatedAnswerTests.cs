// No misconception is reported for an answer that does not have it: for the solution of another
// exercise, and for mutants of a solution whose outcomes are not those of a wrong answer. A mutant
// fits a wrong answer if both have the same outcomes in every scenario; then its name is right.

using System.Diagnostics;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Exercises;

[TestFixture]
[Category("Slow")]
[NonParallelizable]
public sealed class UnrelatedAnswerTests
{
    // 200 mutants in all, in parts that are short: a test of minutes looks like one that hangs.
    private const int Parts = 8;
    private const int MutantsMin = 200 / Parts;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    // Mutants are often endless; their scenarios need milliseconds.
    private static readonly RunLimits s_limits = new()
    {
        Answer = TimeSpan.FromSeconds(3),
    };

    private static readonly Lesson[] s_exercises =
        [.. RealCourse.Lessons.All.Where(lesson => lesson.HasExercise)];

    private readonly Judge[] _judges = [.. s_exercises.Select(lesson => new Judge(lesson))];
    private readonly Dictionary<string, string>[] _wrongOutcomes =
        [.. s_exercises.Select(WrongOutcomes)];

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Exercises))]
    public void The_solution_of_another_exercise_has_no_misconception(string name)
    {
        Judge judge = _judges[Array.FindIndex(s_exercises, lesson => lesson.Name == name)];
        IEnumerable<string> named = s_exercises
            .Where(other => other.Name != name)
            .AsParallel().WithDegreeOfParallelism(2)
            .Select(other => (other.Name, Judgement: judge.Run(
                Judge.ReadSource(other, other.Solution), s_limits)))
            .Where(one => one.Judgement is { IsRight: true } or { Numbers.Count: > 0 })
            .Select(one => $"{one.Name}: {string.Join(", ", one.Judgement.Numbers)}");
        Assert.That(named, Is.Empty);
    }

    [Test]
    public void A_mutant_that_fits_no_wrong_answer_has_no_misconception(
        [Range(1, Parts)] int part)
    {
        long start = Stopwatch.GetTimestamp();
        Random random = TestSeed.NewRandom();
        var found = new MutantCount();
        while (found.Unfitting < MutantsMin && Stopwatch.GetElapsedTime(start) < s_limit)
        {
            int[] picked =
                [random.Next(s_exercises.Length), random.Next(s_exercises.Length)];
            Mutation?[] mutations = [.. picked.Select(i => Mutation.Make(
                Judge.ReadSource(s_exercises[i], s_exercises[i].Solution), random))];
            Parallel.For(0, picked.Length, k =>
            {
                if (mutations[k] is { } mutation)
                {
                    found.Add(
                        s_exercises[picked[k]].Name, mutation,
                        _judges[picked[k]].Run(mutation.Source, s_limits),
                        _wrongOutcomes[picked[k]]);
                }
            });
        }

        TestContext.Out.WriteLine($"part {part}: {found}");
        Assert.That(found.Mistakes, Is.Empty);
        Assert.That(found.Unfitting, Is.AtLeast(MutantsMin));
    }

    // The outcomes of each wrong answer as one text, with its number.
    private static Dictionary<string, string> WrongOutcomes(Lesson lesson)
    {
        var all = new Dictionary<string, string>();
        foreach (VariantResult result in JudgedExercises.All.Of(lesson.Name))
        {
            if (result is { Kind: VariantKind.Wrong, Number: { } number })
            {
                all.TryAdd(MutantCount.Outcomes(result.Judgement), number);
            }
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
