using System.Diagnostics;

namespace Reactor.Tools.Loadgen;

/// <summary>The instants of one request, on the clock of its loop.</summary>
internal struct Ticket
{
    /// <summary>When the plan asked for it; decides its phase and interval.</summary>
    public TimeSpan Scheduled;

    /// <summary>When the pacer acted.</summary>
    public TimeSpan Released;

    /// <summary>Immediately before its bytes were handed to the kernel.</summary>
    public TimeSpan Sent;
}

/// <summary>
/// A queue of tickets in a ring, oldest first, which is the order of pipelined responses (RFC 9112
/// 9.3.2). Grows by doubling, so it allocates only for more tickets than ever before. Loop thread
/// only.
/// </summary>
internal sealed class TicketRing(int capacity)
{
    // Untouched pages cost nothing.
    private Ticket[] _tickets = GC.AllocateUninitializedArray<Ticket>(
        (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity));

    private int _oldest;

    /// <summary>Tickets in the queue.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest ticket; there must be one.</summary>
    public ref Ticket Oldest
    {
        get
        {
            Debug.Assert(Count > 0, "an empty queue has no oldest ticket");
            return ref _tickets[_oldest];
        }
    }

    /// <summary>A ticket by its place, from 0 for the oldest.</summary>
    public ref Ticket this[int place] => ref _tickets[(_oldest + place) & (_tickets.Length - 1)];

    /// <summary>Adds a ticket at the end.</summary>
    public void Add(in Ticket ticket)
    {
        if (Count == _tickets.Length)
        {
            Grow();
        }

        this[Count++] = ticket;
    }

    /// <summary>Removes the oldest ticket and returns it.</summary>
    public Ticket TakeOldest()
    {
        Ticket ticket = Oldest;
        Count--;
        _oldest = (_oldest + 1) & (_tickets.Length - 1);
        return ticket;
    }

    private void Grow()
    {
        var larger = new Ticket[_tickets.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        (_tickets, _oldest) = (larger, 0);
    }
}
