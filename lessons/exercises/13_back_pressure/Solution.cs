// Two marks: paused above the high one, resumed at the low one; a flag makes each call happen once.
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
            // Cleared first: resume may write, and that write may pause again.
            _isPaused = false;
            resume();
        }
    }
}
