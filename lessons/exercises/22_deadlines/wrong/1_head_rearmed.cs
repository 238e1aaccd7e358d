// 22.1 The deadline of the head counts from its last byte.
// zh-CN: 请求头的截止时间从它的最后一个字节算起。
// A byte every nine seconds then holds a connection as long as the client likes: the attack called
// slowloris, which needs no bandwidth and takes all connections of a server.

public enum Kind
{
    None,   // nothing is awaited from the client
    Idle,   // the first byte of a request
    Head,   // the end of the head
    Body,   // the end of the body
}

public sealed class Deadlines
{
    public (Kind Kind, int Due) Next { get; private set; }

    public void OnConnected(int now)
    {
        Next = (Kind.Idle, now + 60_000);
    }

    public void OnHeadBytes(int now)
    {
        Next = (Kind.Head, now + 10_000);
    }

    public void OnHeadEnd(int now, bool hasBody)
    {
        Next = hasBody ? (Kind.Body, now + 5_000) : default;
    }

    public void OnBodyBytes(int now, int count)
    {
        Next = (Kind.Body, Math.Min(Next.Due + (10 * count), now + 5_000));
    }

    public void OnBodyEnd(int now)
    {
        Next = default;
    }

    public void OnResponseEnd(int now)
    {
        Next = (Kind.Idle, now + 60_000);
    }
}
