// 09.1 A caller that stops early does not run the finally: Dispose does nothing.
// zh-CN: 调用者提前停止时不执行 finally：Dispose 什么也不做。
// The compiler puts the finally of every open try into Dispose. Without it each request that ends
// early leaves its file or connection open, until the process has no descriptor left.
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
            Close();
            throw;
        }
        Close();
        return false;
    }

    public void Dispose()
    {
    }

    private void Close()
    {
        _state = 2;
        note("close");
    }

    public void Reset() => throw new NotSupportedException();
}
