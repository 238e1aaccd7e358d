// 01.1 The newest entry is taken first: the entries are a stack.
// zh-CN: 最新的条目最先取出：这些条目构成的是栈。
// The oldest client waits for as long as new ones arrive.

public sealed class EntryQueue
{
    private readonly Stack<string> _entries = new();

    public void Add(string entry) => _entries.Push(entry);

    public string? Take() => _entries.TryPop(out string? entry) ? entry : null;
}
