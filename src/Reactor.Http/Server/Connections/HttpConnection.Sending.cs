namespace Reactor.Http;

/// <summary>
/// What the connection knows of the client's taking of what it is sent: the waits for it, and what
/// is not delivered yet.
/// </summary>
internal sealed partial class HttpConnection
{
    /// <summary>Bytes that were written and that the client has not acknowledged.</summary>
    public long UndeliveredBytes => Math.Max(
        0,
        _connection.Output.UnflushedBytes + _connection.SentBytes - _connection.AcknowledgedBytes);

    /// <summary>
    /// True if it holds what a request needs: only then records of its requests can wait.
    /// </summary>
    public bool HasExchange => _exchange is not null;

    /// <summary>What became of what was written before the connection ended.</summary>
    public Delivery Delivery => _extras?.Delivery ?? Delivery.Pending;

    /// <summary>
    /// The lingering close knows what became of it; once for a connection. The records of its
    /// requests end here.
    /// </summary>
    public void NoteDelivery(Delivery delivery)
    {
        Extras.Delivery = delivery;
        _exchange?.Record.Close();
    }

    /// <summary>
    /// Bytes of the responses ahead of one that is cut off; null where none is. The connection is
    /// reset when the client has acknowledged them.
    /// </summary>
    public long? BrokenBehind => _extras?.BrokenBehind;

    /// <summary>
    /// Cuts off the response that has begun behind so many bytes: with a reset, at once if the
    /// client has acknowledged what is ahead of it, else by the lingering close.
    /// </summary>
    public void Break(long aheadBytes)
    {
        if (_connection.IsClosed || _connection.AcknowledgedBytes >= aheadBytes)
        {
            Abort();
        }
        else
        {
            Extras.BrokenBehind = aheadBytes;
        }
    }

    /// <summary>A wait for the client begins: it does not take at once what it is sent.</summary>
    public void BeginSend() =>
        (Extras.SendWait ??= new SendWait()).Begin(
            Loop.Time, _connection.AcknowledgedBytes, Options);

    /// <summary>Sets the deadline until which the client must acknowledge more.</summary>
    public void WaitForSend()
    {
        TimeSpan left = Extras.SendWait!.TimeLeft(
            Loop.Time, _connection.AcknowledgedBytes, Options);
        SetDeadline(DeadlineKind.Send, Loop.MomentAfter(left));
    }

    /// <summary>A wait for the client ends.</summary>
    public void EndSend()
    {
        SendWait wait = Extras.SendWait!;
        wait.End();
        if (wait.Count == 0)
        {
            ClearDeadline(DeadlineKind.Send);
        }
    }
}
