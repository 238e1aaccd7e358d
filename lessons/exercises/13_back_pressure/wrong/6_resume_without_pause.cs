// 13.6 Every send that ends at or below the low mark resumes a producer that is not paused.
// zh-CN: 每次发送后大小不高于低水位，就恢复一个并未暂停的生产者。
// A producer that treats each resume as permission for one more piece then writes too many, or
// resumes a wait that is not there and fails.
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
        if (Size <= low)
        {
            _isPaused = false;
            resume();
        }
    }
}
