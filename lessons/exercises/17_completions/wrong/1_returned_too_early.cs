// 17.1 The buffer goes back to the pool when the send has been started.
// zh-CN: 发送刚刚开始，就把缓冲区还给了池。
// The kernel reads the buffer when it sends. By then another connection has rented it: the client
// gets bytes of another client's response.

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
        if (TrySendRest())
        {
            _buffer = pool.Rent();
            Receive();
        }
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
        bool isSent = TrySendRest();
        if (!isSent)
        {
            pool.Return(_buffer);
        }
        return isSent;
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
