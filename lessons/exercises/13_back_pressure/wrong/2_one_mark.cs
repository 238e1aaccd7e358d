// 13.2 The producer is resumed as soon as the size is below the high mark: it oscillates.
// zh-CN: 大小一低于高水位就恢复生产者：来回振荡。
// Every send of a few bytes then costs a pause, a resume and a turn of the loop. The distance
// between two marks decides how much is done per wake-up.
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
        if (_isPaused && Size <= high)
        {
            _isPaused = false;
            resume();
        }
    }
}
