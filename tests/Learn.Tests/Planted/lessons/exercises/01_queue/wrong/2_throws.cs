// 01.2 An empty queue throws.
// zh-CN: 空队列抛出异常。
// To find no entry is no failure: a loop asks an empty queue in each turn.

public sealed class EntryQueue
{
    private readonly Queue<string> _entries = new();

    public void Add(string entry) => _entries.Enqueue(entry);

    public string? Take() => _entries.Dequeue();
}
