// 09.3 The call of a generator runs its body up to the first yield.
// zh-CN: 调用生成器方法时，主体立即执行到第一个产出（yield）。
// A call only makes the object. A body that begins at once opens files for callers that never
// walk, and its exceptions appear where nothing is awaited or walked.
using System.Collections;

public sealed class Rows : IEnumerator<string>
{
    private readonly Action<string> _note;
    private readonly Func<int, string> _read;
    private readonly int _count;
    private bool _isOpen = true;
    private int _row;

    public Rows(Action<string> note, Func<int, string> read, int count)
    {
        (_note, _read, _count) = (note, read, count);
        note("open");
    }

    public string Current { get; private set; } = "";

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (_isOpen && _row < _count)
        {
            _row++;
            try
            {
                Current = _read(_row);
            }
            catch
            {
                Dispose();
                throw;
            }
            return true;
        }
        Dispose();
        return false;
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _note("close");
        }
    }

    public void Reset() => throw new NotSupportedException();
}
