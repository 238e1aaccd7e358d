// The buffer goes from the connection to a receive, back, to a send, back: one owner at a time.

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

    // Loops while operations complete at once; a pending one ends the loop and calls back.
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

    // True: the connection owns the buffer, and everything is sent.
    private bool TrySendReceived()
    {
        _count = socket.Transferred;
        _sent = 0;
        if (_count == 0)
        {
            pool.Return(_buffer);
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
