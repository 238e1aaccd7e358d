// 21.2 Each response is flushed by itself.
// zh-CN: 每个响应单独刷新一次。
// 16 pipelined requests cost 16 syscalls and 16 small packets instead of one. That is most of the
// work of a small response.
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
        bool isOver = false;
        while (!isOver && _answered.Remove(_next, out var answer))
        {
            write(answer.Response);
            flush();
            isOver = answer.IsLast;
            _next++;
        }
        if (isOver || (_hasInputEnded && _next == _begun))
        {
            _isClosed = true;
            close();
        }
    }
}
