// 01.3 A character arrives whole: each receive is decoded by itself.
// zh-CN: 一个字符总是完整到达：每次接收的字节单独解码。
// A UTF-8 character has up to four bytes, and a receive may end between them. Both halves become
// U+FFFD. English text hides the defect; the first é at the end of a buffer shows it.
using System.Text;

public sealed class LineSplitter
{
    private string _pending = "";

    public List<string> Feed(byte[] received)
    {
        _pending += Encoding.UTF8.GetString(received);
        string[] parts = _pending.Split("\r\n");
        _pending = parts[^1];
        return [.. parts[..^1]];
    }
}
