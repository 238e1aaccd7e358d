// Write the reader of a descriptor that is watched edge-triggered.
//
//   Start   adds the descriptor to epoll. A regular file cannot be added (EPERM): it is always
//           readable, so its first batch of reads is queued by `callSoon`.
//   OnEdge  reads pieces of at most PieceMax bytes and notes each as "read 4". It stops at EAGAIN:
//           the next edge comes with the next bytes. It stops at the end, and notes "end".
//           After ReadsMax reads it lets other callbacks run first; the bytes that are still
//           there cause no edge, so it queues itself by `callSoon`.

/// A descriptor in nonblocking mode.
public interface IDescriptor
{
    /// epoll_ctl: 0, or the error EPERM.
    int AddToEpoll();

    /// read: the number of bytes, at most `max`; 0 at the end; or the error EAGAIN.
    int Read(int max);
}

public sealed class EdgeReader(IDescriptor source, Action<Action> callSoon, Action<string> note)
{
    public const int PieceMax = 4;
    public const int ReadsMax = 8;
    public const int EPERM = 1;
    public const int EAGAIN = -11;

    public void Start()
    {
        source.AddToEpoll();
    }

    public void OnEdge()
    {
    }
}
