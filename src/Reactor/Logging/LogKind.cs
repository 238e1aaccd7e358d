namespace Reactor;

/// <summary>
/// A kind of log line, with its own rate in a <see cref="LogRateLimiter"/>. It must not contain
/// what a client chooses: the route's pattern, not the path.
/// </summary>
/// <param name="Name">What lines of this kind report, in the plural.</param>
/// <param name="Source">Where they come from, such as the pattern of a route.</param>
/// <param name="Error">The type of the exception that they report.</param>
public readonly record struct LogKind(string Name, string? Source = null, Type? Error = null)
{
    /// <summary>The kind as text.</summary>
    public override string ToString()
    {
        string source = Source is null ? "" : $" of {Source}";
        return Error is null ? Name + source : $"{Name}{source}, {Error.Name}";
    }
}
