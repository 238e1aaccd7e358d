// 21.1 Responses are written as their handlers end: they are swapped.
// zh-CN: 处理程序一结束就写出响应：响应的顺序被交换。
// The client takes the response of request 2 for that of request 1: one user sees the data of
// another, if a proxy shares the connection.
public sealed class Pipeline(Action<string> write, Action flush, Action close)
{
    private int _begun;
    private int _written;
    private bool _hasWritten;
    private bool _isOver;
    private bool _hasInputEnded;
    private bool _isClosed;

    public int Begin() => _begun++;

    public void Answer(int request, string response, bool isLast = false)
    {
        if (_isOver)
        {
            return;
        }
        write(response);
        _written++;
        _hasWritten = true;
        _isOver = isLast;
    }

    public void EndOfInput() => _hasInputEnded = true;

    public void EndOfTurn()
    {
        if (_hasWritten)
        {
            flush();
        }
        _hasWritten = false;
        if (!_isClosed && (_isOver || (_hasInputEnded && _written == _begun)))
        {
            _isClosed = true;
            close();
        }
    }
}
