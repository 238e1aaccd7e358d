// 01.1 One receive returns one line: what arrives together is a line.
// zh-CN: 一次接收就是一行：一起到达的字节就是一行。
// TCP carries a stream of bytes and keeps no borders of sends. On loopback each send often arrives
// by itself, so the tests pass; in a real network the server answers half a line.
using System.Text;

public sealed class LineSplitter
{
    public List<string> Feed(byte[] received)
    {
        string text = Encoding.UTF8.GetString(received);
        return [text.EndsWith("\r\n") ? text[..^2] : text.TrimEnd('\r')];
    }
}
