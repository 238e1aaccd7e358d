// 01.3 An empty queue is asked until it has an entry.
// zh-CN: 队列为空时不断查询，直到有条目为止。
// The thread that would add the entry is the one that asks: it never comes.

public sealed class EntryQueue
{
    private readonly Queue<string> _entries = new();

    public void Add(string entry) => _entries.Enqueue(entry);

    public string? Take()
    {
        while (_entries.Count == 0)
        {
        }

        return _entries.Dequeue();
    }
}
