// 17.3 A send that has taken a part counts as a whole one: the rest is dropped.
// zh-CN: 只发送了一部分就当作全部发送，其余字节丢失。
// It works until a client reads slowly: then the kernel's buffer is full, sends are partial, and
// the response has a hole.

/// A socket whose operations complete later, or at once.
public interface ISocket
{
    /// The bytes that the last completed operation has moved.
    int Transferred { get; }

    bool Receive(byte[] buffer, Action done);

    bool Send(byte[] buffer, int offset, int count, Action done);
}

/// Buffers that all connections share.
public interface IPool
{
    byte[] Rent();

    void Return(byte[] buffer);
}

public sealed class Echo(ISocket socket, IPool pool)
{
    private byte[] _buffer = [];
    private int _count;

    public void Start()
    {
        _buffer = pool.Rent();
        Receive();
    }

    private void Receive()
    {
        while (!socket.Receive(_buffer, OnReceived))
        {
            if (!TrySendReceived())
            {
                return;
            }
        }
    }

    private void OnReceived()
    {
        if (TrySendReceived())
        {
            Receive();
        }
    }

    private void OnSent()
    {
        Receive();
    }

    private bool TrySendReceived()
    {
        _count = socket.Transferred;
        if (_count == 0)
        {
            pool.Return(_buffer);
            return false;
        }
        return TrySendRest();
    }

    private bool TrySendRest()
    {
        return !socket.Send(_buffer, 0, _count, OnSent);
    }
}
