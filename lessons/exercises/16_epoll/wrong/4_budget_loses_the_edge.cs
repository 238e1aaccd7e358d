// 16.4 After the budget it waits for the next edge, which does not come.
// zh-CN: 次数用完之后等待下一个边缘，而它不会到来。
// The reader is fair and loses the rest. It must remember that the descriptor is still readable,
// because epoll does not.

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
        if (source.AddToEpoll() == EPERM)
        {
            callSoon(OnEdge);
        }
    }

    public void OnEdge()
    {
        for (int reads = 0; reads < ReadsMax; reads++)
        {
            int count = source.Read(PieceMax);
            if (count == EAGAIN)
            {
                return;
            }
            if (count == 0)
            {
                note("end");
                return;
            }
            note($"read {count}");
        }
    }
}
