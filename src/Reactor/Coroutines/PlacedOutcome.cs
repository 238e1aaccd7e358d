namespace Reactor;

/// <summary>
/// What stands in place of the outcome of a future that remembers where it was made, as in debug
/// mode: a field for the place would make every future longer for the sake of that mode.
/// </summary>
internal sealed class PlacedOutcome(string place)
{
    /// <summary>The outcome; null as long as there is none.</summary>
    public object? Outcome;

    /// <summary>The file and line.</summary>
    public string Place => place;
}
