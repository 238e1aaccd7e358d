// 16.2 A short read is taken for the last one: the end behind it is lost.
// zh-CN: 读到的字节比要求的少就当作已经排空，后面的流结束因此丢失。
// The bytes and the end may have arrived before one edge. The connection then stays in CLOSE_WAIT
// and keeps its descriptor until the process has none left.

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
            if (count < PieceMax)
            {
                return;
            }
        }
        callSoon(OnEdge);
    }
}
