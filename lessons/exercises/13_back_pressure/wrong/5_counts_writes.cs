// 13.5 The marks count writes, not bytes.
// zh-CN: 水位计算的是写入次数，而不是字节数。
// A queue of ten entries bounds nothing if one entry may be a file of 1 GB. Memory is counted in
// bytes, so the marks are, too.
public sealed class WriteBuffer(int high, int low, Action pause, Action resume)
{
    private bool _isPaused;
    private int _writes;

    public int Size { get; private set; }

    public void Write(int bytes)
    {
        Size += bytes;
        _writes++;
        if (!_isPaused && _writes > high)
        {
            _isPaused = true;
            pause();
        }
    }

    public void Sent(int bytes)
    {
        Size -= bytes;
        _writes--;
        if (_isPaused && _writes <= low)
        {
            _isPaused = false;
            resume();
        }
    }
}
