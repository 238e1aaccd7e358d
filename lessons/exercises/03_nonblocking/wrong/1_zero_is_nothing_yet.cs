// 03.1 A count of 0 means: nothing has arrived yet.
// zh-CN: 计数为 0 表示还没有数据到达。
// It means that nothing will ever arrive. The server keeps each connection that its client has
// ended, until the descriptors run out; a poll reports such a socket as ready each time: 100 % CPU.
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
            if (error == SocketError.WouldBlock || (error == SocketError.Success && count == 0))
            {
                return Outcome.Open;
            }

            if (error != SocketError.Success)
            {
                return Outcome.Broken;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
