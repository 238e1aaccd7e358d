namespace Reactor.Learn;

/// <summary>
/// What is known about an answer: why it does not compile, or what it did in each scenario and
/// which misconceptions explain that. Immutable.
/// </summary>
/// <param name="Errors">Of the compiler; empty if it compiles.</param>
/// <param name="Result">Null if it does not compile.</param>
internal sealed record Judgement(IReadOnlyList<CompileError> Errors, AnswerResult? Result)
{
    /// <summary>The numbers of the misconceptions that explain every failure.</summary>
    public IReadOnlyList<string> Numbers { get; } =
        Result is null ? [] : Matcher.Explain(Result);

    public bool IsRight => Result is { IsRight: true };
}
