// The requests of one connection from the moment they are taken to the moment they end, and the
// responses that end them. Every request that is taken ends exactly once: by a response, a failure,
// or in flight at the end of the run.
using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>The requests in flight on one connection. Loop thread only.</summary>
internal sealed class RequestsInFlight(Worker worker)
{
    private readonly WorkerRecord _record = worker.Record;
    private readonly ResponseReader _reader =
        new(worker.Plan.Request.Method, worker.Plan.Expectation);

    private readonly TicketRing _tickets = new(worker.Plan.PipelineDepth);
    private TimeSpan _firstByte;

    /// <summary>Requests in flight.</summary>
    public int Count => _tickets.Count;

    /// <summary>Requests that are taken and not yet stamped.</summary>
    public int Unsent { get; private set; }

    /// <summary>Responses of this connection.</summary>
    public long Answered { get; private set; }

    /// <summary>When the oldest was sent; there must be one.</summary>
    public TimeSpan OldestSent => _tickets.Oldest.Sent;

    /// <summary>Whether the last response lets the connection be used again.</summary>
    public bool KeepAlive => _reader.KeepAlive;

    /// <summary>True between responses.</summary>
    public bool IsBetween => _reader.IsIdle;

    /// <summary>Starts a new connection.</summary>
    public void Reset()
    {
        _reader.Reset();
        Answered = 0;
    }

    /// <summary>Returns the rented buffers.</summary>
    public void Release() => _reader.Release();

    /// <summary>Adds a request.</summary>
    public void Take(in Ticket ticket)
    {
        _tickets.Add(ticket);
        Unsent++;
    }

    /// <summary>Stamps the requests that are sent now.</summary>
    public void Stamp(TimeSpan now)
    {
        for (int place = _tickets.Count - Unsent; place < _tickets.Count; place++)
        {
            ref Ticket ticket = ref _tickets[place];
            ticket.Sent = now;
            _record.OnSent(ticket);
        }

        Unsent = 0;
    }

    /// <summary>Reads a response; Done: call <see cref="Complete"/>.</summary>
    /// <param name="bytes">Moved behind what was read.</param>
    /// <param name="seen">
    /// When this event's first response was read, by which all bytes had arrived; set by the first
    /// call for an event.
    /// </param>
    /// <param name="now">When this one was read.</param>
    public ParseStatus Read(
        ref ReadOnlySequence<byte> bytes, ref TimeSpan? seen, out TimeSpan now)
    {
        ReadOnlySequence<byte> before = bytes;
        bool begins = _reader.IsIdle;
        ParseStatus status = _reader.Read(ref bytes);
        now = worker.Now;
        seen ??= now;
        _firstByte = begins ? seen.Value : _firstByte;
        if (status == ParseStatus.Rejected && _record.NeedsExample(Cause.Parse))
        {
            string why = _reader.Rejection == Rejection.None
                ? "101 without an upgrade request" : _reader.Rejection.ToString();
            _record.KeepExample(Cause.Parse, now, ErrorText.Parse(why, before));
        }

        return status;
    }

    /// <summary>True if the end of the stream ends the response, too.</summary>
    public bool ReadEnd() => _reader.ReadEnd() == ParseStatus.Done;

    /// <summary>The oldest request has its response.</summary>
    public void Complete(TimeSpan now)
    {
        if (_reader.Outcome != Cause.None && _record.NeedsExample(_reader.Outcome))
        {
            _record.KeepExample(_reader.Outcome, now, ErrorText.Status(_reader.Status));
        }

        _record.OnResponse(_tickets.TakeOldest(), _firstByte, now, _reader);
        Answered++;
        _reader.Next();
        worker.OnEnded();
    }

    /// <summary>The oldest request fails, with what arrived of its response.</summary>
    public void FailOldest(Cause cause)
    {
        TimeSpan now = worker.Now;
        if (_record.NeedsExample(cause))
        {
            _record.KeepExample(cause, now, TextOf(cause));
        }

        _record.BooksOf(_tickets.Oldest.Scheduled).Bytes += _reader.Bytes;
        TimeSpan? firstByte = TakeFirstByte();
        _record.OnFailure(_tickets.TakeOldest(), cause, firstByte, now);
        worker.OnEnded();
    }

    /// <summary>All requests fail, as the connection has ended before their responses.</summary>
    public void FailAll(Cause cause)
    {
        while (_tickets.Count > 0)
        {
            FailOldest(cause);
        }
    }

    /// <summary>The run is over: all are in flight.</summary>
    public void Abandon()
    {
        TimeSpan now = worker.Now;
        while (_tickets.Count > 0)
        {
            TimeSpan? firstByte = TakeFirstByte();
            _record.OnInFlight(_tickets.TakeOldest(), firstByte, now, isSent: true);
        }
    }

    /// <summary>When the response of the oldest request began; null if it did not.</summary>
    private TimeSpan? TakeFirstByte()
    {
        TimeSpan? begun = _reader.IsIdle ? null : _firstByte;
        _reader.Next();
        return begun;
    }

    private string TextOf(Cause cause) => cause switch
    {
        Cause.Timeout => ErrorText.Timeout(worker.Plan.Timeout, _reader.Bytes),
        Cause.Reset => ErrorText.Ended("the connection was reset", _reader.Bytes, Answered),
        Cause.BrokenPipe => ErrorText.Ended("a write failed", _reader.Bytes, Answered),
        _ => ErrorText.Ended("the connection ended", _reader.Bytes, Answered),
    };
}
