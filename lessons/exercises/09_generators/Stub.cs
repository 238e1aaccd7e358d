// Write by hand what the compiler makes of this generator: a class that keeps the state.
//
//     open; try { for row = 1 to count: yield read(row) } finally { close }
//
// The calls `open` and `close` are note("open") and note("close").
//   MoveNext  runs the body up to the next yield. True: Current is the value. False: the end.
//   Dispose   the caller stops early: a body that is inside its try runs the finally, once.
// An exception of `read` leaves through MoveNext; before that the finally runs, and the generator
// has ended. Do not use `yield`: the state is yours.
using System.Collections;

public sealed class Rows(Action<string> note, Func<int, string> read, int count)
    : IEnumerator<string>
{
    public string Current { get; private set; } = "";

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        return false;
    }

    public void Dispose()
    {
    }

    public void Reset() => throw new NotSupportedException();
}
