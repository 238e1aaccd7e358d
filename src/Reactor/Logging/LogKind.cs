namespace Reactor;

/// <summary>
/// A kind of log line, with a rate of its own in a <see cref="LogRateLimiter"/>: the subject of the
/// line and, if relevant, its source and the type of the exception.
/// </summary>
/// <remarks>It must not contain what a client chooses: the route's pattern, not the path.</remarks>
/// <param name="Name">What lines of this kind report, in the plural.</param>
/// <param name="Source">Where they come from, such as the pattern of a route.</param>
/// <param name="Error">The type of the exception that they report.</param>
public readonly record struct LogKind(string Name, string? Source = null, Type? Error = null)
{
    /// <summary>The kind as text, for a log line.</summary>
    public override string ToString()
    {
        string source = Source is null ? "" : $" of {Source}";
        return Error is null ? Name + source : $"{Name}{source}, {Error.Name}";
    }
}
