// The error is looked at before the count: a count of 0 has a meaning only without an error.
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
