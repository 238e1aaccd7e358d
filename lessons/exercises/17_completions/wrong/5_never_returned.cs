// 17.5 The buffer is not returned when the peer ends.
// zh-CN: 对端结束时没有归还缓冲区。
// Each connection takes a buffer with it. The pool grows by the number of all connections since
// the start, and the memory of the server with it.

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
            Receive();
        }
    }

    private bool TrySendReceived()
    {
        _count = socket.Transferred;
        _sent = 0;
        if (_count == 0)
        {
            return false;
        }
        return TrySendRest();
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
