// A client waits in one phase at a time, so one field is enough. What moves a deadline is the begin
// of a phase, or progress of the body at the least rate; never a byte as such.

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
