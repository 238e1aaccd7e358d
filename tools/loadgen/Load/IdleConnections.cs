// Gives the requests of an open loop to connections with room in their pipelines.
//
// Connections take turns (first in, first out), so all are used alike and none idles into the
// server's keep-alive limit. A request that finds no room waits, is dropped, or opens a further
// connection, as the plan says. A waiting request keeps its scheduled instant. While no connection
// is open, none is dropped: it waits for the connects, and fails with their cause.
//
// A connection is in the list at most once. One that ended stays in it until it is taken out: then
// it has no room, or it has connected again.
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The connections of an open loop with room, and the requests without. Loop thread only.
/// </summary>
internal sealed class IdleConnections(Worker worker)
{
    /// <summary>
    /// Waiting requests that need no allocation: a stall of a second at 64,000 requests a second.
    /// </summary>
    private const int WaitingPrepared = 1 << 16;

    private readonly Queue<LoadConnection> _idle = new(worker.Plan.Connections);
    private readonly List<LoadConnection> _unsent = new(worker.Plan.Connections);
    private readonly TicketRing _waiting = new(WaitingPrepared);

    /// <summary>A request is due. Call <see cref="SendAll"/> after the last that is due.</summary>
    public void Release(in Ticket ticket)
    {
        worker.Record.OnScheduled(ticket);
        if (_waiting.Count == 0 && TryTake(out LoadConnection? connection))
        {
            if (!connection.HasUnsent)
            {
                _unsent.Add(connection);
            }

            connection.Take(ticket);
            Offer(connection);
        }
        else if (worker.Plan.OnFull == OnFull.Drop && worker.IsConnected)
        {
            worker.Record.OnDropped(ticket);
            worker.OnEnded();
        }
        else
        {
            _waiting.Add(ticket);
            if (worker.Plan.OnFull == OnFull.Open && worker.Connecting < _waiting.Count)
            {
                worker.OpenFurther();
            }
        }
    }

    /// <summary>Sends the requests that were released, each connection's together.</summary>
    public void SendAll()
    {
        foreach (LoadConnection connection in _unsent)
        {
            connection.Send(worker.Now);
        }

        _unsent.Clear();
    }

    /// <summary>Gives waiting requests to a connection, and lists it if room is left.</summary>
    public void Serve(LoadConnection connection)
    {
        Debug.Assert(!connection.HasUnsent, "what is taken is sent in the same callback");
        while (_waiting.Count > 0 && connection.Room > 0)
        {
            connection.Take(_waiting.TakeOldest());
        }

        if (connection.HasUnsent)
        {
            connection.Send(worker.Now);
        }

        Offer(connection);
    }

    /// <summary>No connection is open and none can be made: nothing to wait for.</summary>
    public void FailWaiting(Cause cause, TimeSpan now)
    {
        while (_waiting.Count > 0)
        {
            worker.Record.OnFailure(
                _waiting.TakeOldest(), cause, firstByte: null, now, isSent: false);
            worker.OnEnded();
        }
    }

    /// <summary>The drain is over: waiting requests are in flight.</summary>
    public void Stop(TimeSpan now)
    {
        while (_waiting.Count > 0)
        {
            worker.Record.OnInFlight(
                _waiting.TakeOldest(), firstByte: null, now, isSent: false);
        }
    }

    private void Offer(LoadConnection connection)
    {
        if (!connection.IsListed && connection.Room > 0)
        {
            connection.IsListed = true;
            _idle.Enqueue(connection);
        }
    }

    private bool TryTake([NotNullWhen(true)] out LoadConnection? connection)
    {
        while (_idle.TryDequeue(out connection))
        {
            connection.IsListed = false;
            if (connection.Room > 0)
            {
                return true;
            }
        }

        return false;
    }
}
