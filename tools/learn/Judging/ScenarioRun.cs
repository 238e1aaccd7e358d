using System.Diagnostics;

namespace Reactor.Learn;

/// <summary>
/// One run of a scenario in the child. <see cref="Run"/> is for a thread of its own, the rest for
/// the thread that watches it; the answer may write lines on any thread.
/// </summary>
internal sealed class ScenarioRun(Scenario scenario, int seed, Action<string> send)
{
    private const int LineCharsMax = 500;

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _over = new();

    private string? _ending;
    private bool _isFinished;
    private int _lines;

    /// <summary>The exception that left the scenario, and where; null without one.</summary>
    public string? Detail { get; private set; }

    public void Run()
    {
        string ending = "";
        string? detail = null;
        try
        {
            scenario.Run(new Log(seed, Write));
        }
        catch (Exception error)
        {
            ending = Endings.Of(error);
            detail = Describe(error);
        }

        End(ending, detail);
    }

    /// <summary>Waits until the scenario has ended by itself; false if it has not.</summary>
    public bool Wait(TimeSpan limit)
    {
        bool isOver = _over.Wait(limit);
        lock (_gate)
        {
            return isOver && _ending != Endings.Endless;
        }
    }

    /// <summary>
    /// The last line of the outcome, or the empty string. Later lines are ignored.
    /// </summary>
    public string Finish()
    {
        lock (_gate)
        {
            _isFinished = true;
            return _ending ?? Endings.Endless;
        }
    }

    private void Write(string line)
    {
        bool isTooMany;
        lock (_gate)
        {
            if (_isFinished || _ending is not null)
            {
                return;
            }

            isTooMany = ++_lines > ChildProgram.LinesMax;
            if (!isTooMany)
            {
                send(line.Length <= LineCharsMax ? line : line[..LineCharsMax] + "…");
            }
        }

        if (isTooMany)
        {
            // Parked, not ended by an exception: the answer could catch it.
            End(Endings.Endless, null);
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private void End(string ending, string? detail)
    {
        lock (_gate)
        {
            _ending ??= ending;
            Detail ??= detail;
        }

        _over.Set();
    }

    // The message, and the innermost place in the answer.
    private static string Describe(Exception error)
    {
        StackFrame? frame = new StackTrace(error, fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(one => one.GetFileName() is { } file
                && !file.EndsWith("Scenarios.cs", StringComparison.Ordinal));
        string place = frame is null
            ? "" : $" ({frame.GetFileName()}:{frame.GetFileLineNumber()})";
        return $"{error.GetType().Name}: {error.Message}{place}";
    }
}
