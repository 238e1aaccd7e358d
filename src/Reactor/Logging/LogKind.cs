namespace Reactor;

/// <summary>
/// A kind of log line, which has one part of a <see cref="LogBudget"/>: what the line is about, and
/// as far as it matters where it comes from and the type of the exception in it.
/// </summary>
/// <remarks>
/// It must hold nothing that a client chooses: use the pattern of a route, not the path.
/// </remarks>
/// <param name="Name">What lines of this kind report, in the plural.</param>
/// <param name="Source">Where they come from, such as the pattern of a route.</param>
/// <param name="Error">The type of the exception that they report.</param>
public readonly record struct LogKind(string Name, string? Source = null, Type? Error = null)
{
    /// <summary>The kind in words, for a log line.</summary>
    public override string ToString()
    {
        string source = Source is null ? "" : $" of {Source}";
        return Error is null ? Name + source : $"{Name}{source}, {Error.Name}";
    }
}
