using Microsoft.CodeAnalysis;

namespace Reactor.Learn;

/// <summary>
/// Judges answers to one exercise: compiles an answer together with the scenarios, and runs it in a
/// child. The scenarios are parsed once. Any thread.
/// </summary>
internal sealed class Judge
{
    private readonly string _name;
    private readonly SyntaxTree _scenarios;

    public Judge(Lesson lesson)
    {
        _name = $"exercise_{lesson.Name}";
        _scenarios = SourceCompiler.Parse(ReadSource(lesson, lesson.Scenarios));
    }

    /// <summary>Reads a file of an exercise.</summary>
    /// <exception cref="LearnException">It cannot be read.</exception>
    public static Source ReadSource(Lesson lesson, string path)
    {
        try
        {
            return new Source(Path.GetFileName(path), File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LearnException(
                ExitCode.Broken, $"{lesson.FromRoot(path)} cannot be read: {error.Message}");
        }
    }

    /// <summary>Judges an answer.</summary>
    /// <param name="answer">Its text.</param>
    /// <param name="limits">How often and how long it may run.</param>
    /// <param name="child">A started child without work; ends in any case. Null if none.</param>
    public Judgement Run(Source answer, RunLimits limits, JudgeChild? child = null)
    {
        CompileOutcome outcome = SourceCompiler.Compile(
            _name, OutputKind.DynamicallyLinkedLibrary, [SourceCompiler.Parse(answer), _scenarios]);
        if (outcome.Code is null)
        {
            child?.Dispose();
            return new Judgement(outcome.Errors, null);
        }

        return new Judgement([], new AnswerRunner(outcome.Code, limits).Run(child));
    }
}
