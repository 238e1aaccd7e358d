// 09.4 Dispose runs the finally also behind the end, so that it runs twice.
// zh-CN: 到达末尾之后 Dispose 又执行一次 finally，于是执行了两次。
// foreach calls Dispose after every walk. A descriptor closed twice may by then be the number of
// another client's connection, which is cut off.
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
        try
        {
            if (_row < count)
            {
                _row++;
                Current = read(_row);
                return true;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        Dispose();
        return false;
    }

    public void Dispose()
    {
        if (_state != 0)
        {
            note("close");
        }
        _state = 2;
    }

    public void Reset() => throw new NotSupportedException();
}
