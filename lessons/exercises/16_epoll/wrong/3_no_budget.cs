// 16.3 Reads until EAGAIN without a budget: a fast peer keeps the loop for itself.
// zh-CN: 没有次数上限，一直读到 EAGAIN：一个快的对端独占整个循环。
// While bytes arrive as fast as they are read, no other connection and no timer runs. One upload
// at the speed of the loopback is enough.

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
        while (true)
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
