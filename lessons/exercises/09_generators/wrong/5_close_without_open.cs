// 09.5 Dispose runs the finally of a body that has not begun.
// zh-CN: 主体还没有开始，Dispose 就执行了 finally。
// The try is entered by the first MoveNext. A finally without its try gives back what was never
// taken: a slot is released twice, and the limit of connections no longer holds.
using System.Collections;

public sealed class Rows(Action<string> note, Func<int, string> read, int count)
    : IEnumerator<string>
{
    private bool _isOpen;
    private bool _hasEnded;
    private int _row;

    public string Current { get; private set; } = "";

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (_hasEnded)
        {
            return false;
        }
        if (!_isOpen)
        {
            note("open");
            _isOpen = true;
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
        if (!_hasEnded)
        {
            _hasEnded = true;
            note("close");
        }
    }

    public void Reset() => throw new NotSupportedException();
}
