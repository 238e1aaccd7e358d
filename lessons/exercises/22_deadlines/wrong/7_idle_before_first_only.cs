// 22.7 A connection is idle only before its first request.
// zh-CN: 连接只有在第一个请求之前才算空闲。
// After the response nothing ends the connection of a client that has gone silently, such as a
// phone out of reach. Such connections add up until no descriptor is left.

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
        if (Next.Kind != Kind.Head)
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
        Next = (Kind.Body, Math.Min(Next.Due + (10 * count), now + 5_000));
    }

    public void OnBodyEnd(int now)
    {
        Next = default;
    }

    public void OnResponseEnd(int now)
    {
        Next = default;
    }
}
