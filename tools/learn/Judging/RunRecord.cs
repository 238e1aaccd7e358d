using System.Text;

namespace Reactor.Learn;

/// <summary>
/// Collects the messages of one child after the other into the result of an answer. One thread.
/// </summary>
internal sealed class RunRecord
{
    private const int PrintedCharsMax = 4000;

    private readonly StringBuilder _printed = new();

    private ScenarioFacts[]? _facts;
    private List<RunOutcome>[] _failures = [];
    private int[] _runs = [];
    private string? _broken;

    // The run in progress: its scenario, or -1, its seed and its lines.
    private int _scenario = -1;
    private int? _seed;
    private List<string> _lines = [];

    /// <summary>The scenario with which another child begins.</summary>
    public int Next { get; private set; }

    public bool IsComplete =>
        _broken is not null || (_facts is not null && Next >= _facts.Length);

    public void Add(ChildMessage message)
    {
        if (message.Printed is { } text && _printed.Length < PrintedCharsMax)
        {
            _printed.Append(text);
        }

        if (message.Scenarios is { } facts)
        {
            if (_facts is null)
            {
                _facts = facts;
                _failures = [.. facts.Select(_ => new List<RunOutcome>())];
                _runs = new int[facts.Length];
            }
        }
        else if (message.Begin is { } scenario)
        {
            (_scenario, _seed, _lines) = (scenario, message.Seed, []);
        }
        else if (message.Line is { } line)
        {
            _lines.Add(line);
        }
        else if (message.End is { } ending)
        {
            Close(ending, message.Detail);
        }

        _broken ??= message.Broken;
    }

    /// <summary>A child has ended without having been done.</summary>
    /// <param name="ending">The last line of the outcome of the run in progress.</param>
    /// <param name="detail">Its last words.</param>
    /// <param name="hasProgress">Whether it ended any run.</param>
    public void AddDeath(string ending, string? detail, bool hasProgress)
    {
        if (_scenario >= 0)
        {
            Close(ending, detail);
        }
        else if (!hasProgress)
        {
            _broken ??= $"The scenarios could not be run: {ending} {detail}".TrimEnd();
        }
    }

    public AnswerResult ToResult(bool hasThreadLeft) => new()
    {
        Scenarios =
        [
            .. (_facts ?? []).Select(
                (facts, i) => new ScenarioResult(facts, _runs[i], _failures[i])),
        ],
        Printed = _printed.ToString(),
        HasThreadLeft = hasThreadLeft,
        Broken = _broken,
    };

    private void Close(string ending, string? detail)
    {
        string[] outcome = ending.Length == 0 ? [.. _lines] : [.. _lines, ending];
        _runs[_scenario]++;
        if (!outcome.AsSpan().SequenceEqual(_facts![_scenario].Right))
        {
            _failures[_scenario].Add(new RunOutcome(outcome, _seed, detail));
        }

        // The rest of its schedules is not run after a death.
        Next = _scenario + 1;
        _scenario = -1;
    }
}
