// A queue of entries on the framework's queue, which does all the work here.

public sealed class EntryQueue
{
    private readonly Queue<string> _entries = new();

    public void Add(string entry) => _entries.Enqueue(entry);

    public string? Take() => _entries.TryDequeue(out string? entry) ? entry : null;
}
