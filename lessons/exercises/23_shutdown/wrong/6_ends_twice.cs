// 23.6 Each event that finds the server empty ends it again.
// zh-CN: 每个发现服务器为空的事件都再次结束它。
// Hooks of the end run twice: a file is closed twice, a lock is released that belongs to the next
// process.
public sealed class Drain(Action<string> act)
{
    private readonly List<string> _idle = [];
    private readonly List<string> _busy = [];
    private bool _isStopping;

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
        if (_idle.Count + _busy.Count == 0)
        {
            act("ended");
        }
    }
}
