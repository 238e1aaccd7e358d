// 22.5 The deadline of the head runs on while the handler works.
// zh-CN: 处理函数运行时，请求头的截止时间仍在走。
// The client has sent everything, and waits. A handler that takes longer than 10 s then loses
// its connection, and the log says that the client was slow.

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
        if (Next.Kind == Kind.Idle)
        {
            Next = (Kind.Head, now + 10_000);
        }
    }

    public void OnHeadEnd(int now, bool hasBody)
    {
        if (hasBody)
        {
            Next = (Kind.Body, now + 5_000);
        }
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
