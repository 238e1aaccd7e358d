// 04.6 A socket that is ready for writing takes the whole rest.
// zh-CN: 写就绪的套接字会接收全部剩余内容。
// Ready means room for at least some bytes. What did not fit is forgotten: the client waits for the
// end of an answer that the server believes sent.
public sealed class Writer(Func<string, int> send)
{
    private string _rest = "";

    public bool IsWriteArmed => _rest.Length > 0;

    public void Write(string text)
    {
        if (_rest.Length > 0)
        {
            _rest += text;
            return;
        }
        _rest = text[send(text)..];
    }

    public void OnWritable()
    {
        send(_rest);
        _rest = "";
    }
}
