// 03.6 One call reads all that has arrived.
// zh-CN: 一次调用就能读完所有已到达的数据。
// A call returns what fits into the buffer. The rest stays in the kernel until the next time: with
// edge-triggered readiness that time may never come (lesson 16).
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
        byte[] buffer = new byte[16];
        int count = receive(buffer, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return Outcome.Open;
        }

        if (error != SocketError.Success)
        {
            return Outcome.Broken;
        }

        received.AddRange(buffer.AsSpan(0, count));
        return count == 0 ? Outcome.Ended : Outcome.Open;
    }
}
