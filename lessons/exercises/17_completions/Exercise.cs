// Write an echo connection on completions: what it receives, it sends back, until the peer ends.
//
//   Start   rents one buffer and starts the first receive.
//   Then    receive, send all of the received bytes (a send may take a part), receive again.
//           An operation owns the buffer until it completes: no second operation in between.
//   End     a receive of 0 bytes: return the buffer to the pool, once, and stop.
//
// Receive and Send give true if the operation is pending: `done` is called when it completes.
// False: it has completed at once, and `done` is not called. A hundred operations that complete
// at once must not make the stack a hundred calls deep.

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
    public void Start()
    {
        byte[] buffer = pool.Rent();
        socket.Receive(buffer, () => { });
    }
}
