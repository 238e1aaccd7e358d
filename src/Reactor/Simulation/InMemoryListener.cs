using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Simulation;

/// <summary>A listener of the in-memory network with its backlog.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemoryListener(
    InMemoryDriver driver, int number, EndPoint localEndPoint, int backlog) : DriverListener
{
    private readonly Queue<StreamEnd> _waiting = new();
    private readonly InMemoryOperation _acceptable = new(driver);
    private bool _isClosed;

    /// <inheritdoc/>
    public override EndPoint LocalEndPoint => localEndPoint;

    public int Number => number;

    /// <summary>True when further connects are refused.</summary>
    public bool IsFinal { get; private set; }

    public bool IsFull => _waiting.Count >= backlog;

    private InMemoryNetwork Network => driver.Network;

    /// <inheritdoc/>
    public override OperationAwaitable WaitAcceptableAsync()
    {
        AssertOpen();
        if (!_acceptable.IsInFlight)
        {
            if (_waiting.Count > 0 || Network.IsAcceptToFail)
            {
                _acceptable.CompleteAtOnce(SocketError.Success);
            }
            else
            {
                _acceptable.Begin();
                Network.ScheduleSpurious(number, OnAcceptable);
            }
        }

        return new OperationAwaitable(_acceptable);
    }

    /// <inheritdoc/>
    public override AcceptResult Accept()
    {
        AssertOpen();
        if (Network.TakeAcceptError(number, _waiting.Count > 0) is { } error)
        {
            if (error is SocketError.ConnectionReset or SocketError.ConnectionAborted
                && _waiting.TryDequeue(out StreamEnd? lost))
            {
                lost.Close(reset: true);
            }

            return new AcceptResult(null, error);
        }

        return _waiting.TryDequeue(out StreamEnd? end)
            ? new AcceptResult(new InMemorySocket(driver, end), SocketError.Success)
            : new AcceptResult(null, SocketError.WouldBlock);
    }

    /// <inheritdoc/>
    public override bool StopAdmitting()
    {
        IsFinal = true;
        return false;
    }

    /// <inheritdoc/>
    public override bool ShedOne()
    {
        AssertOpen();
        if (!_waiting.TryDequeue(out StreamEnd? end))
        {
            return false;
        }

        end.Close(reset: false);
        return true;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        AssertOpen();
        _isClosed = true;
        Network.Remove(this);
        while (_waiting.TryDequeue(out StreamEnd? end))
        {
            end.Close(reset: true);
        }

        _acceptable.CompleteIfInFlight(SocketError.OperationAborted);
    }

    public void Enqueue(StreamEnd end)
    {
        _waiting.Enqueue(end);
        OnAcceptable();
    }

    public void OnAcceptable() => _acceptable.CompleteIfInFlight(SocketError.Success);

    private void AssertOpen() => Debug.Assert(!_isClosed, "a closed listener is not used");
}
