// 02.3 Only one line of a part is read, and the rest is forgotten.
// zh-CN: 每段只读一行，剩下的被丢弃。
// A line that is split is lost, and so is the second of two pipelined requests.

public sealed class LineReader
{
    public void Feed(string part, Action<string> line)
    {
        int end = part.IndexOf('\n');
        if (end > 0 && part[0] == 'a')
        {
            line(part[..end]);
        }
    }
}
