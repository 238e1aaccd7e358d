// 04.4 Each Write may send its text at once, also while a rest waits.
// zh-CN: 每次 Write 都可以马上发送它的文本，即使还有剩余在等待。
// The new text overtakes the rest. The client gets the head of one answer inside the body of
// another, once in a million answers.
public sealed class Writer(Func<string, int> send)
{
    private string _rest = "";

    public bool IsWriteArmed => _rest.Length > 0;

    public void Write(string text) => _rest += text[send(text)..];

    public void OnWritable() => _rest = _rest[send(_rest)..];
}
