// 21.3 A response that comes before its turn is dropped.
// zh-CN: 在轮到自己之前到来的响应被丢弃。
// The client waits for a response that was computed. Behind it, all later ones wait, too.
public sealed class Pipeline(Action<string> write, Action flush, Action close)
{
    private readonly Dictionary<int, (string Response, bool IsLast)> _answered = [];
    private int _begun;
    private int _next;
    private bool _hasInputEnded;
    private bool _isClosed;

    public int Begin() => _begun++;

    public void Answer(int request, string response, bool isLast = false) =>
        _ = request == _next + _answered.Count && _answered.TryAdd(request, (response, isLast));

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
