using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// The network of an in-memory driver: the listeners, and all events in flight in one queue ordered
/// by (time, sequence). It has no thread or clock; the driver's poll delivers due events.
/// </summary>
/// <remarks>
/// Loop thread only. An event whose target is closed is delivered without effect, which is simpler
/// than removing events. A planned fault must not be: a run with the list of those that happened
/// would not have it, and would end at another time. So it is dropped when it comes to nothing.
/// </remarks>
internal sealed class InMemoryNetwork(
    InMemoryDriver driver, FaultDice dice, InMemoryOptions options)
{
    /// <summary>The lowest automatic port.</summary>
    private const int PickedPortMin = 10_000;

    /// <summary>
    /// A full backlog drops the connect, and the client retries after 1, 2, 4 … s; Linux retries
    /// six times by default (tcp_syn_retries).
    /// </summary>
    private const int ConnectRepeatsMax = 6;

    private readonly PriorityQueue<NetworkEvent, (TimeSpan When, long Sequence)> _events = new();
    private readonly List<InMemoryListener> _listeners = [];
    private readonly Queue<SocketError> _failingAccepts = new();
    private long _sequence;
    private int _connections;
    private int _listenersMade;
    private int _lastPort = PickedPortMin - 1;

    private readonly record struct NetworkEvent(
        NetworkEventKind Kind, int End, int Bytes, Action Deliver, Func<bool>? IsWanted);

    public FaultDice Dice => dice;

    public InMemoryDescriptors Descriptors { get; } = new(driver);

    public InMemoryOptions Options => options;

    public TimeSpan Now => driver.Now;

    /// <summary>Zero if nothing will happen; may count faults that will be dropped.</summary>
    public int EventCount => NextEvent is null ? 0 : _events.Count;

    public int ListenerCount => _listeners.Count;

    public int OpenSockets { get; set; }

    /// <summary>True if a test made the next accept fail.</summary>
    public bool IsAcceptToFail => _failingAccepts.Count > 0;

    public TimeSpan? NextEvent
    {
        get
        {
            while (_events.TryPeek(out NetworkEvent next, out (TimeSpan When, long) key))
            {
                if (next.IsWanted?.Invoke() is not false)
                {
                    return key.When;
                }

                _events.Dequeue();
            }

            return null;
        }
    }

    /// <summary>
    /// Schedules an event after all events planned for the same time. It is dropped if
    /// <paramref name="isWanted"/> returns false when it is the next one.
    /// </summary>
    public void Schedule(
        TimeSpan when, NetworkEventKind kind, int end, int bytes, Action deliver,
        Func<bool>? isWanted = null)
    {
        Debug.Assert(when >= Now, "nothing can be planned for the past");
        _events.Enqueue(
            new NetworkEvent(kind, end, bytes, deliver, isWanted), (when, ++_sequence));
    }

    public TimeSpan After(TimeSpan delay) => CoroutineScheduler.MomentAfter(Now, delay);

    public void ScheduleSpurious(int end, Action deliver)
    {
        if (dice.SpuriousWait(end) is { } wait)
        {
            Schedule(After(wait), NetworkEventKind.Spurious, end, 0, deliver);
        }
    }

    /// <summary>
    /// Delivers due events and their immediate consequences. It terminates, because no new bytes
    /// are sent meanwhile.
    /// </summary>
    public void DeliverDue()
    {
        while (NextEvent <= Now)
        {
            NetworkEvent next = _events.Dequeue();
            options.Trace?.Invoke(new NetworkTrace(Now, next.Kind, next.End, next.Bytes));
            next.Deliver();
        }
    }

    public void DropEvents() => _events.Clear();

    public InMemoryListener Listen(EndPoint endPoint, int backlog)
    {
        EndPoint address = endPoint is IPEndPoint { Port: 0 } any
            ? new IPEndPoint(any.Address, PickPort())
            : endPoint;
        if (_listeners.Exists(other => IsSame(other.LocalEndPoint, address)))
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        var listener = new InMemoryListener(
            driver, -++_listenersMade, address, Math.Max(1, backlog));
        _listeners.Add(listener);
        return listener;
    }

    public void Remove(InMemoryListener listener) => _listeners.Remove(listener);

    /// <summary>
    /// Requests a connection. A poll passes the connection or the error to <paramref name="done"/>,
    /// unless <paramref name="isWanted"/> returns false by then.
    /// </summary>
    public void Connect(
        EndPoint endPoint, EndPoint? localEndPoint, Func<bool> isWanted,
        Action<StreamEnd?, SocketError> done)
    {
        int asking = (++_connections * 2) - 1;
        EndPoint target = Reachable(endPoint);
        EndPoint local = localEndPoint switch
        {
            null => new IPEndPoint(
                (target as IPEndPoint)?.Address ?? IPAddress.Loopback, PickPort()),
            IPEndPoint { Port: 0 } any => new IPEndPoint(any.Address, PickPort()),
            _ => localEndPoint,
        };
        var request = new ConnectRequest(asking, local, target, isWanted, done);
        TimeSpan arrival = After(dice.Delay(NetworkEventKind.Connect, asking, 0));
        Schedule(arrival, NetworkEventKind.Connect, asking, 0, () => TryConnect(request, 0));
    }

    public void FailNextAccepts(SocketError error, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _failingAccepts.Enqueue(error);
        }

        foreach (InMemoryListener listener in _listeners)
        {
            Schedule(Now, NetworkEventKind.Acceptable, listener.Number, 0, listener.OnAcceptable);
        }
    }

    public SocketError? TakeAcceptError(int listener, bool isSomethingThere) =>
        _failingAccepts.TryDequeue(out SocketError error) ? error
        : isSomethingThere ? dice.AcceptError(listener)
        : null;

    private sealed record ConnectRequest(
        int Number, EndPoint Local, EndPoint Target, Func<bool> IsWanted,
        Action<StreamEnd?, SocketError> Done);

    private void TryConnect(ConnectRequest request, int repeats)
    {
        if (!request.IsWanted())
        {
            return;
        }

        InMemoryListener? listener =
            _listeners.Find(one => IsSame(one.LocalEndPoint, request.Target));
        bool isSilent = request.Target is IPEndPoint { Address: var target }
            && dice.Plan.SilentAddresses.Contains(target);
        if (listener is null or { IsFinal: true } && !isSilent)
        {
            request.Done(null, SocketError.ConnectionRefused);
        }
        else if (listener is { IsFull: false } && !isSilent)
        {
            var asking = new StreamEnd(this, request.Number, request.Local);
            var accepting = new StreamEnd(this, request.Number + 1, request.Target);
            StreamEnd.Join(asking, accepting);
            listener.Enqueue(accepting);
            request.Done(asking, SocketError.Success);
        }
        else if (repeats < ConnectRepeatsMax)
        {
            Schedule(
                After(TimeSpan.FromSeconds(1 << repeats)), NetworkEventKind.Connect, request.Number,
                0, () => TryConnect(request, repeats + 1));
        }
        else
        {
            request.Done(null, SocketError.TimedOut);
        }
    }

    // Linux connects to the loopback address if a wildcard is named.
    private static EndPoint Reachable(EndPoint named) =>
        named is not IPEndPoint ip || !IsEvery(ip.Address) ? named
        : new IPEndPoint(
            ip.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback,
            ip.Port);

    private int PickPort()
    {
        do
        {
            _lastPort = _lastPort == IPEndPoint.MaxPort ? PickedPortMin : _lastPort + 1;
        }
        while (_listeners.Exists(
            one => one.LocalEndPoint is IPEndPoint ip && ip.Port == _lastPort));
        return _lastPort;
    }

    private static bool IsSame(EndPoint a, EndPoint b) => a.Equals(b)
        || (a is IPEndPoint first && b is IPEndPoint second && first.Port == second.Port
            && (IsEvery(first.Address) || IsEvery(second.Address)));

    private static bool IsEvery(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
