// 22.4 Each byte moves the deadline of the body by 10 ms, without a limit.
// zh-CN: 每个字节都把请求体的截止时间推后 10 毫秒，没有上限。
// A client that sends 60,000 bytes at once may then be silent for ten minutes. The surplus over the
// least rate must have a bound.

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
        Next = hasBody ? (Kind.Body, now + 5_000) : default;
    }

    public void OnBodyBytes(int now, int count)
    {
        Next = (Kind.Body, Next.Due + (10 * count));
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
