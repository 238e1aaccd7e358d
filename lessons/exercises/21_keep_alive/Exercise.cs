// The responses of one connection. Handlers may end in any order, over several turns.
//
//   Begin       a request was parsed; returns its number: 0, 1, 2 …
//   Answer      its handler has ended. With `isLast` (Connection: close) no later response is sent.
//   EndOfInput  the client sends no further request, but still reads.
//   EndOfTurn   the loop calls it at the end of each turn. Whatever was called before:
//               responses are written in the order of the requests, all of a turn are flushed once,
//               and a turn without a written response does not flush. When the last response was
//               flushed, the connection is closed, once. That is the one with `isLast`, or after
//               the end of the input the one that no open request follows.
public sealed class Pipeline(Action<string> write, Action flush, Action close)
{
    public int Begin()
    {
        return 0;
    }

    public void Answer(int request, string response, bool isLast = false)
    {
    }

    public void EndOfInput()
    {
    }

    public void EndOfTurn()
    {
    }
}
