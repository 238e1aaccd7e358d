// 04.2 The interest ends with the connection: once armed, it stays.
// zh-CN: 关注持续到连接结束：一旦设置就不再取消。
// The first slow client starts a spin that lasts as long as its connection. It looks like load:
// more processor time each hour, without more requests.
public sealed class Writer(Func<string, int> send)
{
    private string _rest = "";

    public bool IsWriteArmed { get; private set; }

    public void Write(string text)
    {
        bool isFirst = _rest.Length == 0;
        _rest += text;
        if (isFirst)
        {
            OnWritable();
        }
        if (_rest.Length > 0)
        {
            IsWriteArmed = true;
        }
    }

    public void OnWritable() => _rest = _rest[send(_rest)..];
}
