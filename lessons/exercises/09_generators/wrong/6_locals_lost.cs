// 09.6 The variables of the body are locals of MoveNext: each call begins the body anew.
// zh-CN: 主体的变量是 MoveNext 的局部变量：每次调用都从头执行主体。
// A native stack frame ends with its call. What must live across a yield (or an await) is a field
// of an object on the heap; that object is the reason why a suspended call costs memory.
using System.Collections;

public sealed class Rows(Action<string> note, Func<int, string> read, int count)
    : IEnumerator<string>
{
    public string Current { get; private set; } = "";

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        note("open");
        for (int row = 1; row <= count; row += 1)
        {
            Current = read(row);
            return true;
        }
        note("close");
        return false;
    }

    public void Dispose()
    {
    }

    public void Reset() => throw new NotSupportedException();
}
