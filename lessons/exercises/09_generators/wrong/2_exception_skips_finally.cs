// 09.2 An exception of the body leaves without the finally.
// zh-CN: 主体抛出异常时没有执行 finally。
// The state is left inside the try. A reader that retries gets the next row as if nothing had
// happened: in a server, a message without the part that failed.
using System.Collections;

public sealed class Rows(Action<string> note, Func<int, string> read, int count)
    : IEnumerator<string>
{
    private int _state;
    private int _row;

    public string Current { get; private set; } = "";

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (_state == 2)
        {
            return false;
        }
        if (_state == 0)
        {
            note("open");
            _state = 1;
        }
        if (_row < count)
        {
            _row++;
            Current = read(_row);
            return true;
        }
        Dispose();
        return false;
    }

    public void Dispose()
    {
        bool isOpen = _state == 1;
        _state = 2;
        if (isOpen)
        {
            note("close");
        }
    }

    public void Reset() => throw new NotSupportedException();
}
