// 23.3 All connections are closed at once, also those with a request in progress.
// zh-CN: 立刻关闭所有连接，包括有请求正在处理的连接。
// Each deployment costs every client in progress an error; a payment may be made and not confirmed.
public sealed class Drain(Action<string> act)
{
    private readonly List<string> _idle = [];
    private readonly List<string> _busy = [];
    private bool _isStopping;
    private bool _hasEnded;

    public void Connected(string client)
    {
        if (_isStopping)
        {
            act($"refuse {client}");
            return;
        }
        _idle.Add(client);
    }

    public void Request(string client)
    {
        if (_idle.Remove(client))
        {
            _busy.Add(client);
        }
    }

    public void Answered(string client)
    {
        if (!_busy.Remove(client))
        {
            return;
        }
        if (_isStopping)
        {
            act($"close {client}");
            EndIfEmpty();
            return;
        }
        _idle.Add(client);
    }

    public void Shutdown()
    {
        if (_isStopping)
        {
            return;
        }
        _isStopping = true;
        End("close", _idle);
        End("close", _busy);
        EndIfEmpty();
    }

    public void Deadline()
    {
        End("cancel", _busy);
        EndIfEmpty();
    }

    private void End(string how, List<string> clients)
    {
        clients.ForEach(client => act($"{how} {client}"));
        clients.Clear();
    }

    private void EndIfEmpty()
    {
        if (_idle.Count + _busy.Count == 0 && !_hasEnded)
        {
            _hasEnded = true;
            act("ended");
        }
    }
}
