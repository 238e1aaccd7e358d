// 13.7 The flag is cleared after the call of resume, and hides the pause that this call needed.
// zh-CN: 调用 resume 之后才清除标志，掩盖了这次调用所需要的暂停。
// A callback may call back. State is changed before foreign code runs; otherwise the buffer grows
// above the mark and its owner believes that the producer may write.
public sealed class WriteBuffer(int high, int low, Action pause, Action resume)
{
    private bool _isPaused;

    public int Size { get; private set; }

    public void Write(int bytes)
    {
        Size += bytes;
        if (!_isPaused && Size > high)
        {
            _isPaused = true;
            pause();
        }
    }

    public void Sent(int bytes)
    {
        Size -= bytes;
        if (_isPaused && Size <= low)
        {
            resume();
            _isPaused = false;
        }
    }
}
