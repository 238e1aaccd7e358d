// 22.6 Only the first head of a connection has a deadline of its own.
// zh-CN: 只有连接上的第一个请求头才有自己的截止时间。
// The slow client sends one quick request first, and has 60 s instead of 10 s for each further
// head. Every request of a kept connection goes through the same phases.

public enum Kind
{
    None,   // nothing is awaited from the client
    Idle,   // the first byte of a request
    Head,   // the end of the head
    Body,   // the end of the body
}

public sealed class Deadlines
{
    private bool _hadHead;

    public (Kind Kind, int Due) Next { get; private set; }

    public void OnConnected(int now)
    {
        Next = (Kind.Idle, now + 60_000);
    }

    public void OnHeadBytes(int now)
    {
        if (!_hadHead)
        {
            _hadHead = true;
            Next = (Kind.Head, now + 10_000);
        }
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
