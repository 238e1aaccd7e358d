// 13.3 Every write above the high mark pauses the producer once more.
// zh-CN: 高于高水位的每次写入都再暂停一次生产者。
// Producers that count their pauses (or wait on a new future for each) need as many resumes, and
// there is only one: the connection hangs.
public sealed class WriteBuffer(int high, int low, Action pause, Action resume)
{
    private bool _isPaused;

    public int Size { get; private set; }

    public void Write(int bytes)
    {
        Size += bytes;
        if (Size > high)
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
            _isPaused = false;
            resume();
        }
    }
}
