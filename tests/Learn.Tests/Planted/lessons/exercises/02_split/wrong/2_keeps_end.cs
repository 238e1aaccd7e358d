// 02.2 The end stays in the line, and everything that ends so is one line.
// zh-CN: 行尾留在行中，以行尾结束的一切都算一行。
// Two pipelined requests become one.

public sealed class LineReader
{
    private string _rest = "";

    public void Feed(string part, Action<string> line)
    {
        _rest += part;
        if (_rest.EndsWith('\n'))
        {
            line(_rest.Replace("\n", "\\n"));
            _rest = "";
        }
    }
}
