// 03.5 WouldBlock means: ask again at once.
// zh-CN: WouldBlock 表示马上再问一次。
// The call does not block, but the loop around it does, with a processor at 100 %. No other client
// is served until this one sends something.
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
                continue;
            }

            if (error != SocketError.Success)
            {
                return Outcome.Broken;
            }

            if (count == 0)
            {
                return Outcome.Ended;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
