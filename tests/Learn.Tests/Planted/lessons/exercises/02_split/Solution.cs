// Keeps the incomplete rest of the text until its line ends.

public sealed class LineReader
{
    private string _rest = "";

    public void Feed(string part, Action<string> line)
    {
        string[] lines = (_rest + part).Split('\n');
        foreach (string one in lines[..^1])
        {
            line(one);
        }

        _rest = lines[^1];
    }
}
