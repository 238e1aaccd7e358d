// 01.2 CR and LF arrive together: the ending is looked for only in the new bytes.
// zh-CN: CR 和 LF 总是一起到达：只在新收到的字节中查找行尾。
// The ending is missed when CR is the last byte of one receive and LF the first of the next. The
// server then waits for a line that it has, or takes two lines for one.
using System.Text;

public sealed class LineSplitter
{
    private readonly List<byte> _pending = [];

    public List<string> Feed(byte[] received)
    {
        var lines = new List<string>();
        for (int i = 0; i < received.Length; i++)
        {
            _pending.Add(received[i]);
            if (received[i] == '\n' && i > 0 && received[i - 1] == '\r')
            {
                byte[] line = [.. _pending[..^2]];
                lines.Add(Encoding.UTF8.GetString(line));
                _pending.Clear();
            }
        }

        return lines;
    }
}
