// 21.4 The connection is closed before the response is flushed.
// zh-CN: 在刷新响应之前就关闭了连接。
// The response lies in the buffer of a closed connection. The client sees the end of the stream,
// and sends its request again.
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
        if (isOver || (_hasInputEnded && _next == _begun))
        {
            _isClosed = true;
            close();
        }
        else if (_next > first)
        {
            flush();
        }
    }
}
