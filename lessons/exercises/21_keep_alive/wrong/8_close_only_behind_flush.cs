// 21.8 A connection is closed only in a turn that has sent a response.
// zh-CN: 只有在发送过响应的那一轮中才关闭连接。
// Most clients read their last response first, and then end the stream: no turn sends anything any
// more. Each of these connections keeps its descriptor until a deadline ends it.
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
        while (!isOver && _answered.Remove(_next, out var answer))
        {
            write(answer.Response);
            isOver = answer.IsLast;
            _next++;
        }
        if (_next == first)
        {
            return;
        }
        flush();
        if (isOver || (_hasInputEnded && _next == _begun))
        {
            _isClosed = true;
            close();
        }
    }
}
