// 16.6 EAGAIN is taken for the end of the stream.
// zh-CN: 把 EAGAIN 当作流的结束。
// "Nothing now" and "nothing ever again" are different answers. The server closes each connection
// whose client pauses between two requests.

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
            if (count <= 0)
            {
                note("end");
                return;
            }
            note($"read {count}");
        }
        callSoon(OnEdge);
    }
}
