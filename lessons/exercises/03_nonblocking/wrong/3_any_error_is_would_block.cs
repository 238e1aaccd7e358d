// 03.3 An error means: nothing has arrived yet.
// zh-CN: 出错表示还没有数据到达。
// A reset connection stays in the list for ever: each poll reports it, each read fails, and its
// descriptor and memory are never freed.
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
            if (error != SocketError.Success)
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
