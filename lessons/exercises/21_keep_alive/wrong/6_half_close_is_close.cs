// 21.6 The end of the input closes the connection, although a request is open.
// zh-CN: 输入一结束就关闭连接，尽管还有未回答的请求。
// A client may end its stream and wait for the response (RFC 9112 9.6); so do scripts with nc.
public sealed class Pipeline(Action<string> write, Action flush, Action close)
{
    private readonly Dictionary<int, (string Response, bool IsLast)> _answered = [];
    private int _begun;
    private int _next;
    private bool _isClosed;

    public int Begin() => _begun++;

    public void Answer(int request, string response, bool isLast = false) =>
        _answered[request] = (response, isLast);

    public void EndOfInput()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            close();
        }
    }

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
        if (_next > first)
        {
            flush();
        }
        if (isOver)
        {
            _isClosed = true;
            close();
        }
    }
}
