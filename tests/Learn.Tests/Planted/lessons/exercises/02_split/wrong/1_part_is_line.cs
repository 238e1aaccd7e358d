// 02.1 One character that is left after the last end is a line, too.
// zh-CN: 最后一个行尾之后剩下的一个字符也当作一行。
// A request that comes in two packets becomes two wrong requests.

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
        if (_rest.Length == 1)
        {
            line(_rest);
            _rest = "";
        }
    }
}
