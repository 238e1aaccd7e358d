// 13.1 The buffer takes whatever is written and never pauses the producer.
// zh-CN: 缓冲区来者不拒，从不暂停生产者。
// One client that stops reading a large download then holds the whole download in the server's
// memory; a hundred such clients end the process.
public sealed class WriteBuffer(int high, int low, Action pause, Action resume)
{
    public int Size { get; private set; }

    public void Write(int bytes)
    {
        Size += bytes;
    }

    public void Sent(int bytes)
    {
        Size -= bytes;
    }
}
