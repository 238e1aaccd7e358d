namespace Reactor.Learn;

/// <summary>
/// A line that a lesson prints, as its picture shows it: an event of an actor, an arrow from one
/// actor to another, or a heading across all lanes. Immutable; any thread.
/// </summary>
/// <param name="Text">The whole line.</param>
/// <param name="Actor">Left of <c>: </c>; null for a heading.</param>
/// <param name="Other">The end of the arrow; null if there is none.</param>
internal sealed record PrintedLine(string Text, string? Actor = null, string? Other = null)
{
    private const string EndOfActor = ": ";
    private const string Arrow = " -> ";

    public bool IsHeading => Actor is null;

    /// <summary>The actors of the line, in its order.</summary>
    public IEnumerable<string> Actors =>
        new[] { Actor, Other }.OfType<string>();

    public static PrintedLine Parse(string line)
    {
        int end = line.IndexOf(EndOfActor, StringComparison.Ordinal);
        if (end <= 0)
        {
            return new PrintedLine(line);
        }

        string actor = line[..end];
        int arrow = actor.IndexOf(Arrow, StringComparison.Ordinal);
        return arrow <= 0
            ? new PrintedLine(line, actor.Trim())
            : new PrintedLine(line, actor[..arrow].Trim(), actor[(arrow + Arrow.Length)..].Trim());
    }
}
