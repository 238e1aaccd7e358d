// 04.1 Write readiness is always of interest: OnWritable checks for output.
// zh-CN: 始终关注写就绪：由 OnWritable 检查有没有输出。
// A socket with room is ready at once, so no poll ever waits: a server without any request uses a
// whole processor.
public sealed class Writer(Func<string, int> send)
{
    private string _rest = "";

    public bool IsWriteArmed => true;

    public void Write(string text)
    {
        bool isFirst = _rest.Length == 0;
        _rest += text;
        if (isFirst)
        {
            OnWritable();
        }
    }

    public void OnWritable() => _rest = _rest[send(_rest)..];
}
