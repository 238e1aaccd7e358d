namespace Reactor.Inspector;

/// <summary>
/// The recordings that the page can open, by number. Keeps the newest few, because each may hold
/// many megabytes. The inspector's loop only.
/// </summary>
internal sealed class RecordingShelf
{
    /// <summary>The maximum number of recordings.</summary>
    public const int RunsMax = 4;

    private readonly SortedDictionary<int, RecordedRun> _runs = [];
    private int _last;

    public IReadOnlyList<int> Numbers => [.. _runs.Keys];

    /// <summary>Adds a recording, drops the oldest at the bound, and returns its number.</summary>
    public int Add(RecordedRun run)
    {
        _runs.Add(++_last, run);
        if (_runs.Count > RunsMax)
        {
            _runs.Remove(_runs.Keys.First());
        }

        return _last;
    }

    public RecordedRun? Find(int number) => _runs.GetValueOrDefault(number);
}
