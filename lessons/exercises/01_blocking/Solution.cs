// Keeps the bytes of the unfinished line. Only whole lines are decoded, so a character that arrives
// in two parts is complete when it is decoded.
using System.Text;

public sealed class LineSplitter
{
    private readonly List<byte> _pending = [];

    public List<string> Feed(byte[] received)
    {
        var lines = new List<string>();
        foreach (byte next in received)
        {
            _pending.Add(next);
            if (next == '\n' && _pending.Count >= 2 && _pending[^2] == '\r')
            {
                byte[] line = [.. _pending[..^2]];
                lines.Add(Encoding.UTF8.GetString(line));
                _pending.Clear();
            }
        }

        return lines;
    }
}
