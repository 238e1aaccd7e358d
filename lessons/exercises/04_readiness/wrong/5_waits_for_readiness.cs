// 04.5 Text may be sent only after the poll has reported write readiness.
// zh-CN: 只有轮询报告写就绪之后才能发送文本。
// Nearly always there is room. Each answer now waits for another turn and needs a poll more, and
// two changes of the interest: half of the throughput.
public sealed class Writer(Func<string, int> send)
{
    private string _rest = "";

    public bool IsWriteArmed => _rest.Length > 0;

    public void Write(string text) => _rest += text;

    public void OnWritable() => _rest = _rest[send(_rest)..];
}
