// All that one worker counts. A request, its sample, bytes and error belong to the phase and the
// interval of its scheduled time, so a response in the drain counts; otherwise the slowest at the
// end would be missing.
//
// Invariants: every scheduled request is counted when it is scheduled and once when it ends. In a
// closed loop it is scheduled, released and sent at one instant, so response time and service time
// are counted once, and lateness and queue, which are zero, at the end.
//
// Loop thread only, except that the coordinator reads counts and percentiles for progress. Nothing
// here is allocated for a request.
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>The counts and times of one worker.</summary>
internal sealed class WorkerRecord
{
    private readonly bool _isOpenLoop;
    private readonly SilenceWatch _silence;
    private readonly List<ErrorExample> _examples = [];
    private readonly bool[] _hasExample = new bool[Causes.All.Length];

    /// <summary>Makes an empty record.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="begin">The begin of the run on the loop's clock.</param>
    public WorkerRecord(LoadPlan plan, TimeSpan begin)
    {
        Start = begin + plan.WarmUp;
        End = Start + plan.Duration;
        _isOpenLoop = plan.Schedule is not null;
        Intervals = new IntervalLog(plan.Interval, plan.Duration);
        _silence = new SilenceWatch(Start);
    }

    /// <summary>The start of the window on the loop's clock.</summary>
    public TimeSpan Start { get; }

    /// <summary>The end of the window: the planned, then the actual one.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>Accounting of the requests scheduled before the window.</summary>
    public Tally WarmUp { get; } = new();

    /// <summary>Accounting of the requests scheduled in the window.</summary>
    public Tally Measured { get; } = new();

    /// <summary>The times of the measured requests.</summary>
    public LoadTimes Times { get; } = new();

    /// <summary>Complete measured responses by status, 0 to 999.</summary>
    public long[] Statuses { get; } = new long[1000];

    /// <summary>
    /// Responses of the whole run that deviate from HTTP/1.1, by the bit of their deviation.
    /// </summary>
    public long[] Tolerated { get; } = new long[Deviation.Names.Count];

    /// <summary>Failed connects by cause, in the order of <see cref="Causes.All"/>.</summary>
    public long[] ConnectFailures { get; } = new long[Causes.All.Length];

    /// <summary>Responses of any phase so far, for rates.</summary>
    public long Responses { get; private set; }

    /// <summary>Scheduled requests that have not ended.</summary>
    public long Outstanding { get; private set; }

    /// <summary>Requests of the warm-up that were in flight when the window opened.</summary>
    public long InFlightAtStart { get; set; }

    /// <summary>Connections made.</summary>
    public long Connects { get; set; }

    /// <summary>Connections among them that replaced an earlier one.</summary>
    public long Reconnects { get; set; }

    /// <summary>
    /// True if connects failed and no connection was open at the end of the window.
    /// </summary>
    public bool EndedDisconnected { get; set; }

    /// <summary>When the last measured response arrived, from the start of the window.</summary>
    public TimeSpan? LastResponseAt { get; private set; }

    /// <summary>The longest silence of the window.</summary>
    public Silence LongestSilence => _silence.Longest;

    /// <summary>The first example of each cause.</summary>
    public IReadOnlyList<ErrorExample> Examples => _examples;

    /// <summary>What happened in each interval of the window.</summary>
    public IntervalLog Intervals { get; }

    /// <summary>The shortest service time of the whole run; null without a response.</summary>
    public TimeSpan? FastestService { get; private set; }

    /// <summary>Duration of the window; not negative.</summary>
    public TimeSpan Elapsed => End > Start ? End - Start : TimeSpan.Zero;

    /// <summary>The accounting for an instant of the schedule.</summary>
    public Tally BooksOf(TimeSpan scheduled) => scheduled < Start ? WarmUp : Measured;

    /// <summary>Failed requests and connects of any phase so far.</summary>
    public long FailedSoFar => WarmUp.Failed + WarmUp.ConnectErrors
        + Measured.Failed + Measured.ConnectErrors;

    /// <summary>The response times so far.</summary>
    public Distribution ResponseSoFar => _isOpenLoop ? Times.Response : Times.Service;

    /// <summary>Closes the window.</summary>
    public void Close(TimeSpan now)
    {
        End = now;
        _silence.Close(now);
    }

    /// <summary>A request is due.</summary>
    public void OnScheduled(in Ticket ticket)
    {
        if (Outstanding++ == 0)
        {
            _silence.OnWaiting(ticket.Released);
        }

        if (ticket.Scheduled < Start)
        {
            WarmUp.Scheduled++;
            return;
        }

        Measured.Scheduled++;
        Intervals.Schedule(ticket.Scheduled - Start);
        if (_isOpenLoop)
        {
            Times.Lateness.Record(Nanoseconds(ticket.Released - ticket.Scheduled));
        }
    }

    /// <summary>The bytes of a request go to the kernel now.</summary>
    public void OnSent(in Ticket ticket)
    {
        if (ticket.Scheduled < Start)
        {
            WarmUp.Sent++;
            return;
        }

        Measured.Sent++;
        if (_isOpenLoop)
        {
            Times.Queue.Record(Nanoseconds(ticket.Sent - ticket.Released));
        }
    }

    /// <summary>A response is complete.</summary>
    public void OnResponse(
        in Ticket ticket, TimeSpan firstByte, TimeSpan now, ResponseReader response)
    {
        Responses++;
        Outstanding--;
        _silence.OnResponse(now);
        if (now >= Start && now < End)
        {
            Intervals.Arrive(now - Start);
        }

        TimeSpan service = now - ticket.Sent;
        if (!(service >= FastestService))
        {
            FastestService = service;
        }

        if (response.Deviations != ResponseDeviations.None)
        {
            Deviation.Count(response.Deviations, Tolerated);
        }

        Tally books = BooksOf(ticket.Scheduled);
        books.Bytes += response.Bytes;
        if (response.Outcome == Cause.None)
        {
            books.Ok++;
        }
        else
        {
            CountFailure(ticket.Scheduled, response.Outcome);
        }

        if (ticket.Scheduled >= Start)
        {
            Sample(ticket, firstByte, now, response.Status);
        }
    }

    /// <summary>
    /// A request ended without a complete response: it would have taken at least its age.
    /// </summary>
    /// <param name="ticket">The request.</param>
    /// <param name="cause">Why.</param>
    /// <param name="firstByte">When its response began; null if it did not.</param>
    /// <param name="now">The time.</param>
    /// <param name="isSent">False if it still waited for a connection.</param>
    public void OnFailure(
        in Ticket ticket, Cause cause, TimeSpan? firstByte, TimeSpan now, bool isSent = true)
    {
        Outstanding--;
        _silence.OnFailure(now);
        CountFailure(ticket.Scheduled, cause);
        SampleUnfinished(ticket, firstByte, now, isSent);
    }

    /// <summary>A request was dropped, because no connection was free.</summary>
    public void OnDropped(in Ticket ticket)
    {
        Outstanding--;
        BooksOf(ticket.Scheduled).Dropped++;
        if (ticket.Scheduled >= Start)
        {
            Intervals.Fail(ticket.Scheduled - Start);
        }
    }

    /// <summary>A request has no outcome at the end of the drain.</summary>
    public void OnInFlight(in Ticket ticket, TimeSpan? firstByte, TimeSpan now, bool isSent)
    {
        Outstanding--;
        _silence.OnFailure(now);
        BooksOf(ticket.Scheduled).InFlight++;
        SampleUnfinished(ticket, firstByte, now, isSent);
        if (ticket.Scheduled >= Start)
        {
            Intervals.Fail(ticket.Scheduled - Start);
        }
    }

    /// <summary>A connect failed.</summary>
    public void OnConnectFailed(TimeSpan begun, Cause cause)
    {
        BooksOf(begun).ConnectErrors++;
        ConnectFailures[Array.IndexOf(Causes.All, cause)]++;
    }

    /// <summary>True if no example of a cause is kept yet.</summary>
    public bool NeedsExample(Cause cause) => !_hasExample[Array.IndexOf(Causes.All, cause)];

    /// <summary>Keeps an example.</summary>
    public void KeepExample(Cause cause, TimeSpan now, string text)
    {
        _hasExample[Array.IndexOf(Causes.All, cause)] = true;
        _examples.Add(new ErrorExample(cause, now - Start, text));
    }

    /// <summary>
    /// Completes the times of a closed loop, see above; call after the last request has ended.
    /// </summary>
    public void CompleteTimes()
    {
        if (!_isOpenLoop)
        {
            Times.Response.Merge(Times.Service);
            Times.Lateness.Record(0, Measured.Scheduled);
            Times.Queue.Record(0, Measured.Sent);
        }
    }

    private void Sample(in Ticket ticket, TimeSpan firstByte, TimeSpan now, int status)
    {
        Statuses[status]++;
        LastResponseAt = now - Start;
        long service = Nanoseconds(now - ticket.Sent);
        long response = Nanoseconds(now - ticket.Scheduled);
        Times.Service.Finished.Record(service);
        Times.FirstByte.Finished.Record(Nanoseconds(firstByte - ticket.Sent));
        if (_isOpenLoop)
        {
            Times.Response.Finished.Record(response);
        }

        Intervals.Record(ticket.Scheduled - Start, response, service);
    }

    private void SampleUnfinished(
        in Ticket ticket, TimeSpan? firstByte, TimeSpan now, bool isSent)
    {
        if (ticket.Scheduled < Start)
        {
            return;
        }

        if (_isOpenLoop)
        {
            Times.Response.Unfinished.Record(Nanoseconds(now - ticket.Scheduled));
        }

        if (isSent)
        {
            Times.Service.Unfinished.Record(Nanoseconds(now - ticket.Sent));
            Histogram begun = firstByte is null
                ? Times.FirstByte.Unfinished
                : Times.FirstByte.Finished;
            begun.Record(Nanoseconds((firstByte ?? now) - ticket.Sent));
        }
    }

    private void CountFailure(TimeSpan scheduled, Cause cause)
    {
        BooksOf(scheduled).Fail(cause);
        if (scheduled >= Start)
        {
            Intervals.Fail(scheduled - Start);
        }
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
