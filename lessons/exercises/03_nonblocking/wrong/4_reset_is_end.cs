// 03.4 A reset is an end: in both cases nothing will follow.
// zh-CN: 重置就是结束：两种情况下都不会再有数据。
// An end says that all bytes were sent; a reset says that some may be missing. A server that takes
// a reset for the end of an upload stores half a file as a whole one.
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
        while (true)
        {
            int count = receive(buffer, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return Outcome.Open;
            }

            if (count == 0)
            {
                return Outcome.Ended;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
