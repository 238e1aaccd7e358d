using Microsoft.Extensions.Logging;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Enforces <see cref="ServerOptions.ConnectionsMax"/>: makes room by closing an idle connection,
/// or lets a client wait for room.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ServerRoom
{
    /// <summary>
    /// How often a full server looks for an idle connection: notifications would cost each request.
    /// </summary>
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_lineInterval = TimeSpan.FromSeconds(10);

    private readonly EventLoop _loop;
    private readonly LoopServer _server;
    private readonly IIdleConnections? _idle;
    private readonly TimeSpan _idleMin;
    private readonly int _most;
    private readonly ILogger _logger;
    private Promise<Unit>? _room;
    private TimeSpan _nextLine = TimeSpan.MinValue;
    private long _evictedBefore;

    public ServerRoom(EventLoop loop, LoopServer server, ServerOptions options)
    {
        _loop = loop;
        _server = server;
        _idle = server.Handler as IIdleConnections;
        _idleMin = TimeLimit.OrMax(options.EvictIdleAfter);
        ArgumentOutOfRangeException.ThrowIfLessThan(_idleMin, TimeSpan.Zero);
        _most = options.ConnectionsMax ?? ConnectionLimit.ConnectionsFor(DescriptorLimit.Current);
        ArgumentOutOfRangeException.ThrowIfLessThan(_most, 1);
        _logger = LogQueue.Wrap(loop.Options.LoggerFactory, "Reactor.Net");
    }

    /// <inheritdoc cref="LoopServer.IsFull"/>
    public bool IsFull => _room is not null || _server.Connections.Count >= _most;

    /// <inheritdoc cref="LoopServer.Evicted"/>
    public long Evicted { get; private set; }

    /// <summary>Makes room for one more connection; false if none is idle.</summary>
    public bool TryMake()
    {
        int count = _server.Connections.Count;
        if (count < _most)
        {
            return true;
        }

        bool isMade = _idle?.TryCloseIdle(_server, _idleMin) == true;
        Evicted += isMade ? 1 : 0;
        LogFull(count);
        return isMade;
    }

    /// <summary>Waits until connections have ended, or for the next look.</summary>
    public async Coroutine Wait()
    {
        _room ??= new Promise<Unit>(_loop);
        await EventLoop.Wait<Future>([_room], timeout: s_lookInterval);
    }

    public void EndWait() => _room = null;

    public void OnClosed()
    {
        // 2 % free, or a server at its limit would pause and resume with each client.
        int resumeAt = Math.Min((int)(_most * 0.98), _most - 1);
        if (_room is { } room && _server.Connections.Count <= resumeAt)
        {
            _room = null;
            room.TrySetResult(default);
        }
    }

    private void LogFull(int count)
    {
        if (_loop.Time < _nextLine)
        {
            return;
        }

        _nextLine = _loop.Time + s_lineInterval;
        LoopLog.ServerFull(
            _logger, _server.EndPoints.Count > 0 ? _server.EndPoints[0] : null, count, _most,
            Evicted - _evictedBefore);
        _evictedBefore = Evicted;
    }
}
