// 16.5 The error of epoll_ctl is ignored: a regular file is never read.
// zh-CN: 忽略 epoll_ctl 的错误：普通文件永远不会被读取。
// epoll refuses regular files with EPERM. A server whose standard input is redirected from a file
// then waits for an event that no kernel will send.

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
