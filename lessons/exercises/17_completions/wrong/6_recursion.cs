// 17.6 An operation that completes at once calls the next step: the stack grows with each of them.
// zh-CN: 当场完成的操作直接调用下一步：每完成一次，栈就深一层。
// A client that pipelines thousands of requests makes all operations complete at once. The stack
// overflows, and in .NET that ends the process.

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
        if (!socket.Receive(_buffer, OnReceived))
        {
            OnReceived();
        }
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
        Send();
    }

    private void Send()
    {
        if (!socket.Send(_buffer, _sent, _count - _sent, OnSent))
        {
            OnSent();
        }
    }

    private void OnSent()
    {
        _sent += socket.Transferred;
        if (_sent < _count)
        {
            Send();
        }
        else
        {
            Receive();
        }
    }
}
