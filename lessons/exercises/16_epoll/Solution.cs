// Reads until EAGAIN, within a budget; what the budget leaves is queued, because no edge will come.

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
        // A disk has no peer to wait for: reads of a file never give EAGAIN.
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
        callSoon(OnEdge);
    }
}
