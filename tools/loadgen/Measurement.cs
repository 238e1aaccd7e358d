namespace Reactor.Tools.Loadgen;

/// <summary>
/// What all connections of a run write into: the phase, the books of the warm-up and of the
/// measured time, and the histogram. Loop thread only.
/// </summary>
/// <remarks>
/// A request belongs to the phase in which it was sent, and so does its sample, its bytes and its
/// error, whenever they come: a request that was sent in time is measured although its answer
/// arrives in the drain, or slow answers at the end would be left out. Times are those of the
/// loop's clock, a <c>Stopwatch</c> (or, in tests, a virtual one); its grain is 100 ns.
/// </remarks>
internal sealed class Measurement(EventLoop loop)
{
    private TimeSpan _start = TimeSpan.MaxValue;

    /// <summary>True until the last request has been sent.</summary>
    public bool IsSending { get; private set; } = true;

    /// <summary>The books of the requests sent before the window.</summary>
    public Tally WarmUp { get; } = new();

    /// <summary>The books of the requests sent in the window.</summary>
    public Tally Measured { get; } = new();

    /// <summary>The service times of the measured responses, in nanoseconds.</summary>
    public Histogram ServiceTimes { get; } = new();

    /// <summary>Responses of any phase so far, for rates.</summary>
    public long Responses { get; private set; }

    /// <summary>Connections that were made.</summary>
    public long Connects { get; set; }

    /// <summary>Connections among them that replaced an earlier one.</summary>
    public long Reconnects { get; set; }

    /// <summary>How long the window was open, so far or in the end.</summary>
    public TimeSpan Elapsed => (IsSending ? Now : End) - (_start < Now ? _start : Now);

    /// <summary>The loop's clock.</summary>
    public TimeSpan Now => loop.Time;

    private TimeSpan End { get; set; }

    /// <summary>Opens the window: what is sent from now on is measured.</summary>
    public void BeginWindow() => _start = Now;

    /// <summary>Closes the window: nothing more is sent.</summary>
    public void EndWindow()
    {
        End = Now;
        IsSending = false;
    }

    /// <summary>The books that a moment belongs to.</summary>
    public Tally BooksOf(TimeSpan sentAt) => sentAt < _start ? WarmUp : Measured;

    /// <summary>A response is whole.</summary>
    public void OnResponse(TimeSpan sentAt, int status, long bytes)
    {
        TimeSpan now = Now;
        Responses++;
        Tally books = BooksOf(sentAt);
        books.End(RequestEnd.Completed);
        books.Bytes += bytes;
        books.NotSuccessful += status is >= 200 and < 400 ? 0 : 1;
        if (ReferenceEquals(books, Measured))
        {
            ServiceTimes.Record((now - sentAt).Ticks * TimeSpan.NanosecondsPerTick);
        }
    }
}
