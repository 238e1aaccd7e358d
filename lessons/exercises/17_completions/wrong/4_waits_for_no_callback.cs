// 17.4 An operation that has completed at once is waited for: its callback does not come.
// zh-CN: 操作已经当场完成，却还在等它的回调，而回调不会到来。
// The result false says that the connection must go on by itself. Ignored, the connection stands
// still exactly when the server is fast and the bytes are already there.

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
        socket.Receive(_buffer, OnReceived);
    }

    private void OnReceived()
    {
        _count = socket.Transferred;
        _sent = 0;
        if (_count == 0)
        {
            pool.Return(_buffer);
            return;
        }
        socket.Send(_buffer, 0, _count, OnSent);
    }

    private void OnSent()
    {
        _sent += socket.Transferred;
        if (_sent < _count)
        {
            socket.Send(_buffer, _sent, _count - _sent, OnSent);
        }
        else
        {
            socket.Receive(_buffer, OnReceived);
        }
    }
}
