// The state machine of a generator: where it is, and the variables that live across a yield.
using System.Collections;

public sealed class Rows(Action<string> note, Func<int, string> read, int count)
    : IEnumerator<string>
{
    private enum State
    {
        BeforeStart,
        InsideTry,
        Ended,
    }

    // The loop's variable is a field: it outlives the call of MoveNext that set it.
    private State _state;
    private int _row;

    public string Current { get; private set; } = "";

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (_state == State.Ended)
        {
            return false;
        }
        if (_state == State.BeforeStart)
        {
            note("open");
            _state = State.InsideTry;
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

    // The finally is left by three ways: the end, an exception, a caller that stops early.
    public void Dispose()
    {
        State state = _state;
        _state = State.Ended;
        if (state == State.InsideTry)
        {
            note("close");
        }
    }

    public void Reset() => throw new NotSupportedException();
}
