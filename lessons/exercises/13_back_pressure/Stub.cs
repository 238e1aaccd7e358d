// Write the buffer between a producer and a slow peer, with two marks.
//
//   Write  the producer adds bytes. If the size is now above `high`: call `pause`, once.
//   Sent   the kernel took bytes. If the producer is paused and the size is at or below `low`:
//          call `resume`, once. `resume` may call Write before it returns.
//   Size   the bytes that are queued now. The buffer never refuses bytes: the pause is a request.
public sealed class WriteBuffer(int high, int low, Action pause, Action resume)
{
    public int Size { get; private set; }

    public void Write(int bytes)
    {
        Size += bytes;
    }

    public void Sent(int bytes)
    {
    }
}
