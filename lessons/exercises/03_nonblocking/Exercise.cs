// Read what a non-blocking socket has, and tell the four outcomes of a call apart.
//
// `receive` is Socket.Receive: it fills the buffer and returns at once, with a count and an error.
//   a count above 0                  data: add it to `received`, and ask again: there may be more
//   SocketError.WouldBlock           all that has arrived is read; the client may send more later
//   a count of 0 without an error    the client has ended its stream: nothing will follow
//   any other error                  the connection is broken, and what was sent may be lost
// Data that arrived before the end or the error is kept.
using System.Net.Sockets;

public delegate int Receive(byte[] buffer, out SocketError error);

public enum Outcome
{
    Open,
    Ended,
    Broken,
}

public static class Reader
{
    public static Outcome Read(Receive receive, List<byte> received)
    {
        return Outcome.Open;
    }
}
