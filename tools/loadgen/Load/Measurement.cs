namespace Reactor.Tools.Loadgen;

/// <summary>
/// Shared by all connections of a run: the phase, the accounting of warm-up and window, and the
/// histogram. Loop thread only.
/// </summary>
/// <remarks>
/// A request, its sample, bytes and error belong to the phase in which it was sent, so a response
/// in the drain phase counts; otherwise the slowest at the end would be missing. The loop's clock
/// is a <c>Stopwatch</c> with a resolution of 100 ns (in tests a virtual clock).
/// </remarks>
internal sealed class Measurement(EventLoop loop)
{
    private TimeSpan _start = TimeSpan.MaxValue;

    /// <summary>True until the last request has been sent.</summary>
    public bool IsSending { get; private set; } = true;

    /// <summary>Accounting of the requests sent before the window.</summary>
    public Tally WarmUp { get; } = new();

    /// <summary>Accounting of the requests sent in the window.</summary>
    public Tally Measured { get; } = new();

    /// <summary>The times of the measured requests.</summary>
    public LoadTimes Times { get; } = new();

    /// <summary>Responses of any phase so far, for rates.</summary>
    public long Responses { get; private set; }

    /// <summary>Connections made.</summary>
    public long Connects { get; set; }

    /// <summary>Connections among them that replaced an earlier one.</summary>
    public long Reconnects { get; set; }

    /// <summary>Duration of the window, so far or final.</summary>
    public TimeSpan Elapsed => (IsSending ? Now : End) - (_start < Now ? _start : Now);

    /// <summary>The loop's clock.</summary>
    public TimeSpan Now => loop.Time;

    private TimeSpan End { get; set; }

    /// <summary>Opens the window: later requests are measured.</summary>
    public void BeginWindow() => _start = Now;

    /// <summary>Closes the window: no further request is sent.</summary>
    public void EndWindow()
    {
        End = Now;
        IsSending = false;
    }

    /// <summary>The accounting for a request sent at a given time.</summary>
    public Tally BooksOf(TimeSpan sentAt) => sentAt < _start ? WarmUp : Measured;

    /// <summary>Counts a complete response.</summary>
    public void OnResponse(TimeSpan sentAt, int status, long bytes)
    {
        TimeSpan now = Now;
        Responses++;
        Tally books = BooksOf(sentAt);
        books.Bytes += bytes;
        if (status is >= 200 and < 400)
        {
            books.Ok++;
        }
        else
        {
            books.Fail(status >= 500 ? Cause.Status5xx : Cause.Status4xx);
        }

        if (ReferenceEquals(books, Measured))
        {
            long elapsed = (now - sentAt).Ticks * TimeSpan.NanosecondsPerTick;
            Times.Response.Finished.Record(elapsed);
            Times.Service.Finished.Record(elapsed);
        }
    }
}
