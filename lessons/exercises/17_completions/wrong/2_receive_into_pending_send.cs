// 17.2 The next receive is started while the send still reads the same buffer.
// zh-CN: 发送还在读取同一个缓冲区，就开始了下一次接收。
// A fast client overwrites the bytes that are being sent to it. Two operations at once need two
// buffers; one buffer has one owner.

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
    private int _sent;

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
        _sent += socket.Transferred;
        TrySendRest();
    }

    private bool TrySendReceived()
    {
        _count = socket.Transferred;
        _sent = 0;
        if (_count == 0)
        {
            pool.Return(_buffer);
            return false;
        }
        TrySendRest();
        return true;
    }

    private bool TrySendRest()
    {
        while (_sent < _count)
        {
            if (socket.Send(_buffer, _sent, _count - _sent, OnSent))
            {
                return false;
            }
            _sent += socket.Transferred;
        }
        return true;
    }
}
