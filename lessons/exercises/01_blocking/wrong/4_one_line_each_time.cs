// 01.4 A receive completes at most one line: the rest waits for the next receive.
// zh-CN: 一次接收最多完成一行：其余的留到下一次接收。
// A client that sends two requests together gets one answer. The second request is in the server's
// memory, but no more bytes come, so both sides wait for each other.
using System.Text;

public sealed class LineSplitter
{
    private readonly List<byte> _pending = [];

    public List<string> Feed(byte[] received)
    {
        _pending.AddRange(received);
        for (int i = 1; i < _pending.Count; i++)
        {
            if (_pending[i - 1] == '\r' && _pending[i] == '\n')
            {
                byte[] line = [.. _pending[..(i - 1)]];
                _pending.RemoveRange(0, i + 1);
                return [Encoding.UTF8.GetString(line)];
            }
        }

        return [];
    }
}
