// 21.7 Responses are written behind the one that says Connection: close.
// zh-CN: 在带有 Connection: close 的响应之后仍然写出响应。
// The client does not read them, and cannot know whether the requests were executed: it must not
// be told that they were.
public sealed class Pipeline(Action<string> write, Action flush, Action close)
{
    private readonly Dictionary<int, (string Response, bool IsLast)> _answered = [];
    private int _begun;
    private int _next;
    private bool _hasInputEnded;
    private bool _isClosed;

    public int Begin() => _begun++;

    public void Answer(int request, string response, bool isLast = false) =>
        _answered[request] = (response, isLast);

    public void EndOfInput() => _hasInputEnded = true;

    public void EndOfTurn()
    {
        if (_isClosed)
        {
            return;
        }
        int first = _next;
        bool isOver = false;
        while (_answered.Remove(_next, out var answer))
        {
            write(answer.Response);
            isOver |= answer.IsLast;
            _next++;
        }
        if (_next > first)
        {
            flush();
        }
        if (isOver || (_hasInputEnded && _next == _begun))
        {
            _isClosed = true;
            close();
        }
    }
}
