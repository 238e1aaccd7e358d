// 13.4 The producer is resumed only when the buffer is empty.
// zh-CN: 缓冲区完全排空之后才恢复生产者。
// The kernel then has nothing to send while the producer gets going: the throughput falls by the
// time between the wake-up and the first new byte.
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
        if (_isPaused && Size == 0)
        {
            _isPaused = false;
            resume();
        }
    }
}
