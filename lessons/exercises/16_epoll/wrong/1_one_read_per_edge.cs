// 16.1 One read per edge: the bytes that it leaves are not reported again.
// zh-CN: 每个边缘只读一次：留下的字节不会再次报告。
// Edge-triggered epoll reports a change, not a state. Half of a request stays in the socket, the
// client waits for its answer, the server for an edge: both wait for ever.

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
        int count = source.Read(PieceMax);
        if (count > 0)
        {
            note($"read {count}");
        }
        else if (count == 0)
        {
            note("end");
        }
    }
}
