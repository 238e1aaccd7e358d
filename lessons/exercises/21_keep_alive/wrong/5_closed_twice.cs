// 21.5 Each reason to close closes: the connection is closed twice.
// zh-CN: 每个关闭的理由都执行一次关闭：连接被关闭两次。
// The number of a closed descriptor is given to the next connection. The second close ends the
// connection of another client.
public sealed class Pipeline(Action<string> write, Action flush, Action close)
{
    private readonly Dictionary<int, (string Response, bool IsLast)> _answered = [];
    private int _begun;
    private int _next;
    private bool _hasInputEnded;

    public int Begin() => _begun++;

    public void Answer(int request, string response, bool isLast = false) =>
        _answered[request] = (response, isLast);

    public void EndOfInput() => _hasInputEnded = true;

    public void EndOfTurn()
    {
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
        if (isOver || (_hasInputEnded && _next == _begun))
        {
            close();
        }
    }
}
