// Keep the deadline of one HTTP connection. All times are milliseconds.
//
//   Idle: 60,000 from the connect, or from the end of a response, to the first byte of a head.
//   Head: 10,000 from the first byte of a head to its end.
//   Body: 5,000 from the end of the head. Each byte of the body moves it later by 10, but never
//         beyond 5,000 from now: a client must send 100 bytes a second, and may not stop for longer
//         than 5 s.
//   None: while the handler runs.
//
// The server reads Next after each call, and closes the connection when Due has passed.

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
    }

    public void OnHeadBytes(int now)    // some bytes of a head, perhaps the first or the last ones
    {
    }

    public void OnHeadEnd(int now, bool hasBody)
    {
    }

    public void OnBodyBytes(int now, int count)
    {
    }

    public void OnBodyEnd(int now)
    {
    }

    public void OnResponseEnd(int now)
    {
    }
}
