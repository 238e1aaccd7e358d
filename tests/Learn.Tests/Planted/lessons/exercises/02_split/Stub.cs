// Reads lines out of parts of a text: Feed takes a part and calls `line` for each line that is
// complete, without its end.

public sealed class LineReader
{
    public void Feed(string part, Action<string> line)
    {
    }
}
