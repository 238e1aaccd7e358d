// Errors of accept come in three tiers (AcceptFailure.cs). A failed connection: accept the next.
// Out of descriptors or memory: report, turn one client away, pause. Anything else: pause if the
// listener still listens, else fail its server.
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>The task that accepts the connections of one listener.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class Acceptor(
    EventLoop loop, LoopServer server, DriverListener listener, ServerOptions options)
{
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(10);

    private TimeSpan _nextReport = TimeSpan.MinValue;
    private int _failures;
    private LoopTask? _task;

    // Accepted, because only then its address is known, and waiting for room.
    private DriverSocket? _held;

    public DriverListener Listener => listener;

    /// <inheritdoc cref="LoopServer.HasWaiting"/>
    public bool HasWaiting { get; private set; }

    public void Start() => _task = loop.CreateTask(Run(), "accept");

    /// <summary>Ends accepting; a client that waits for room is turned away.</summary>
    public void Stop()
    {
        _task?.Cancel();
        _held?.Close(reset: true);
        _held = null;
    }

    /// <inheritdoc cref="LoopServer.AcceptWaiting"/>
    public int AcceptWaiting()
    {
        int count = 0;
        HasWaiting = false;
        while (count < options.AcceptsPerTurnMax)
        {
            (DriverSocket? socket, SocketError error) = _held is not null
                ? new AcceptResult(_held, SocketError.Success)
                : listener.AcceptLast();
            _held = null;
            if (socket is not null && !server.TryBegin(socket))
            {
                _held = socket;
                HasWaiting = true;
                break;
            }

            if (socket is null && AcceptFailures.TierOf(error) != AcceptFailure.Client)
            {
                HasWaiting = error != SocketError.WouldBlock && !listener.IsBrokenBy(error);
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>
    /// Accepts until the listener is closed. An exception pauses.
    /// </summary>
    private async Coroutine Run()
    {
        while (server.IsListening(listener))
        {
            try
            {
                await Accept();
            }
            catch (Exception error)
                when (error is not LoopCanceledException and not LoopAbortException)
            {
                await Pause("Accepting a connection failed: accepting pauses", error);
            }
        }
    }

    private async Coroutine Accept()
    {
        while (true)
        {
            int budget = options.AcceptsPerTurnMax;
            while (budget-- > 0)
            {
                if (_held is not null)
                {
                    await WaitForRoom(); // AcceptWaiting took it while this task waited
                }

                AcceptResult accepted = listener.Accept();
                if (accepted.Socket is { } socket)
                {
                    _failures = 0;
                    if (!server.TryBegin(socket))
                    {
                        _held = socket;
                        await WaitForRoom();
                    }
                }
                else if (accepted.Error == SocketError.WouldBlock)
                {
                    await listener.WaitAcceptableAsync();
                    budget = options.AcceptsPerTurnMax;
                }
                else if (!await CanGoOn(accepted.Error))
                {
                    return;
                }
            }

            await EventLoop.Yield();
        }
    }

    /// <summary>Returns when the held client is served or turned away.</summary>
    private async Coroutine WaitForRoom()
    {
        do
        {
            await server.WaitForRoomAsync();
        }
        while (_held is { } held && !server.TryBegin(held));
        _held = null;
        server.EndWaitForRoom();
    }

    /// <summary>Handles an error; true to go on, after a pause if needed.</summary>
    private async Coroutine<bool> CanGoOn(SocketError error)
    {
        AcceptFailure tier = AcceptFailures.TierOf(error);
        if (tier == AcceptFailure.Client && ++_failures < options.AcceptsPerTurnMax)
        {
            return true;
        }

        if (tier == AcceptFailure.OutOfResources)
        {
            if (error == SocketError.TooManyOpenSockets && listener.ShedOne())
            {
                server.CountTurnedAway();
            }

            await Pause(
                "Out of descriptors or memory: accepting pauses", new SocketException((int)error));
            return true;
        }

        if (listener.IsBrokenBy(error))
        {
            server.Fail(listener, error);
            return false;
        }

        await Pause(
            $"Accepting on {listener.LocalEndPoint} failed: accepting pauses",
            new SocketException((int)error));
        return true;
    }

    private async Coroutine Pause(string message, Exception error)
    {
        if (loop.Time >= _nextReport)
        {
            _nextReport = loop.Time + s_reportInterval;
            loop.Report(new LoopErrorContext { Message = message, Exception = error });
        }

        double jitter = 1 + (loop.Driver.Random.NextDouble() / 2);
        await EventLoop.Delay(options.AcceptPause * jitter);
    }
}
