// 04.3 Send takes the whole text: its result needs no look.
// zh-CN: 发送会接收全部文本：不必看它的返回值。
// Short answers fit into the kernel's buffer, so tests pass. A large answer to a slow client loses
// its middle.
public sealed class Writer(Func<string, int> send)
{
    public bool IsWriteArmed => false;

    public void Write(string text) => send(text);

    public void OnWritable()
    {
    }
}
