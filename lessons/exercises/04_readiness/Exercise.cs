// Send without blocking, and ask for write readiness only while output is pending.
//
// `send` is the kernel: it takes the beginning of the text, as much as its buffer has room for, and
// returns the number of characters; 0 means "would block".
//   Write         sends what the kernel takes now, and keeps the rest. The order is kept.
//   IsWriteArmed  true while a rest waits. The loop then polls the socket for writing, too; a
//                 socket whose buffer has room is always ready for writing.
//   OnWritable    the loop calls it when the socket is ready for writing: sends what it can.
public sealed class Writer(Func<string, int> send)
{
    public bool IsWriteArmed => false;

    public void Write(string text)
    {
    }

    public void OnWritable()
    {
    }
}
