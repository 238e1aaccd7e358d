// A queue of entries: Add appends one, Take removes and returns the oldest, or null if there is
// none.

public sealed class EntryQueue
{
    public void Add(string entry)
    {
    }

    public string? Take() => "";
}
