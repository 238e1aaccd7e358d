using System.Globalization;
using System.Text.RegularExpressions;

namespace Reactor.Learn;

/// <summary>
/// What the learner has done in a lesson, as one line:
/// <c>07_timers: predicted 2, 3 checks, 1 hint, solution seen, solved</c>. Each part may be
/// missing. Immutable.
/// </summary>
internal sealed partial record LessonProgress
{
    /// <summary>The choice, from 1 on; zero for none.</summary>
    public int Predicted { get; init; }

    public int Checks { get; init; }

    public int Hints { get; init; }

    public bool HasSeenSolution { get; init; }

    public bool IsSolved { get; init; }

    /// <summary>Reads what follows the name; null if a part is unknown or is there twice.</summary>
    public static LessonProgress? Parse(string text)
    {
        var progress = new LessonProgress();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            LessonProgress? next = Part().Match(part) switch
            {
                { Success: true } match => progress.With(
                    match.Groups["word"].Value.TrimEnd('s'),
                    match.Groups["count"].Value + match.Groups["choice"].Value),
                _ => null,
            };
            if (next is null || next == progress)
            {
                return null;
            }

            progress = next;
        }

        return progress;
    }

    public override string ToString() => string.Join(", ", Parts());

    private LessonProgress? With(string word, string number)
    {
        if (number.Length == 0)
        {
            return word switch
            {
                "solution seen" => this with { HasSeenSolution = true },
                "solved" => this with { IsSolved = true },
                _ => null,
            };
        }

        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value > 0
            ? word switch
            {
                "predicted" when Predicted == 0 => this with { Predicted = value },
                "check" when Checks == 0 => this with { Checks = value },
                "hint" when Hints == 0 => this with { Hints = value },
                _ => null,
            }
            : null;
    }

    private IEnumerable<string> Parts()
    {
        if (Predicted > 0)
        {
            yield return $"predicted {Predicted}";
        }

        if (Checks > 0)
        {
            yield return $"{Checks} {(Checks == 1 ? "check" : "checks")}";
        }

        if (Hints > 0)
        {
            yield return $"{Hints} {(Hints == 1 ? "hint" : "hints")}";
        }

        if (HasSeenSolution)
        {
            yield return "solution seen";
        }

        if (IsSolved)
        {
            yield return "solved";
        }
    }

    [GeneratedRegex("^((?<word>predicted) (?<choice>[0-9]+)"
        + "|(?<count>[0-9]+) (?<word>checks?|hints?)|(?<word>solution seen|solved))$")]
    private static partial Regex Part();
}
