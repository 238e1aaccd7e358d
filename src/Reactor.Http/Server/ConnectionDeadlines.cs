using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>What a connection can be late with.</summary>
internal enum DeadlineKind
{
    /// <summary>The first byte, the head, the next request, the end of a lingering close.</summary>
    Phase,

    /// <summary>The body of the request.</summary>
    Body,

    /// <summary>The peer's taking of what we send.</summary>
    Send,

    /// <summary>The handler.</summary>
    Handler,
}

/// <summary>
/// The deadlines of one connection on one timer, made with it. On the way of a request they cost
/// writes to fields: the timer is armed for the earliest of them, and only where that moves earlier
/// is the timer queue touched.
/// </summary>
/// <remarks>
/// Loop thread only. The clock is read where somebody begins to wait, not on each read. A duration
/// that is longer than the clock is never over.
/// </remarks>
internal sealed class ConnectionDeadlines(HttpConnection connection, EventLoop loop)
    : LoopTimer(loop)
{
    private Moments _moments = Moments.None;
    private TimeSpan? _bodyWaitBegan;
    private TimeSpan _bodyWaited;
    private long _bodyBytes;
    private SendWait? _sendWait;

    private HttpServerOptions Options => connection.Options;

    /// <summary>The moment after a delay from now.</summary>
    public TimeSpan After(TimeSpan delay) => loop.MomentAfter(delay);

    /// <summary>Sets a deadline, instead of the one before.</summary>
    public void Set(DeadlineKind kind, TimeSpan when)
    {
        _moments[(int)kind] = when;
        Follow();
    }

    /// <summary>Takes a deadline back.</summary>
    public void Clear(DeadlineKind kind)
    {
        if (_moments[(int)kind] != TimeSpan.MaxValue)
        {
            _moments[(int)kind] = TimeSpan.MaxValue;
            Follow();
        }
    }

    /// <summary>
    /// A request begins: nothing of its body has come, nothing of its answer was taken, and neither
    /// was waited for.
    /// </summary>
    public void BeginRequest()
    {
        _bodyWaited = TimeSpan.Zero;
        _bodyBytes = 0;
        _sendWait?.BeginAnswer();
    }

    /// <summary>A request has ended; a read of it that was given up waits no longer.</summary>
    public void EndRequest()
    {
        _bodyWaitBegan = null;
        Clear(DeadlineKind.Body);
        Clear(DeadlineKind.Handler);
    }

    /// <summary>
    /// Somebody waits for more of the body. Only such time counts: a handler that reads slowly is
    /// no fault of the client's.
    /// </summary>
    public void BeginBodyWait()
    {
        if (_bodyWaitBegan is null)
        {
            _bodyWaitBegan = loop.Time;
            TimeSpan rate = Options.TimeFor(_bodyBytes) - _bodyWaited;
            Set(DeadlineKind.Body, After(Min(rate, Options.BodyIdleTimeout)));
        }
    }

    /// <summary>The wait for more of the body is over.</summary>
    public void EndBodyWait()
    {
        if (_bodyWaitBegan is { } began)
        {
            _bodyWaited += loop.Time - began;
            _bodyWaitBegan = null;
            Clear(DeadlineKind.Body);
        }
    }

    /// <summary>Bytes of the body were taken.</summary>
    public void CountBody(long bytes) => _bodyBytes += bytes;

    /// <summary>The peer does not take at once what is sent to it.</summary>
    public void BeginSend() =>
        (_sendWait ??= new SendWait()).Begin(loop.Time, connection.TakenBytes);

    /// <summary>The peer took something, or nothing yet: until when it must take more.</summary>
    public void WaitForSend()
    {
        TimeSpan left = _sendWait!.TimeLeft(loop.Time, connection.TakenBytes, Options);
        Set(DeadlineKind.Send, After(left));
    }

    /// <summary>The peer took everything, or nobody waits for it any more.</summary>
    public void EndSend()
    {
        _sendWait!.End(loop.Time);
        if (_sendWait.Count == 0)
        {
            Clear(DeadlineKind.Send);
        }
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        for (int kind = 0; kind < Moments.Count; kind++)
        {
            if (_moments[kind] <= due)
            {
                _moments[kind] = TimeSpan.MaxValue;
                OnDue((DeadlineKind)kind, due);
            }
        }

        if (!connection.IsClosed)
        {
            Follow();
        }
    }

    private void OnDue(DeadlineKind kind, TimeSpan due)
    {
        if (kind == DeadlineKind.Send
            && _sendWait!.TimeLeft(due, connection.TakenBytes, Options) is var left
            && left > TimeSpan.Zero)
        {
            _moments[(int)kind] = due + left;
        }
        else
        {
            connection.OnLate(kind);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Follow()
    {
        TimeSpan earliest = TimeSpan.MaxValue;
        for (int kind = 0; kind < Moments.Count; kind++)
        {
            earliest = Min(earliest, _moments[kind]);
        }

        if (earliest == TimeSpan.MaxValue)
        {
            Clear();
        }
        else
        {
            Set(earliest);
        }
    }

    /// <summary>One moment a kind; the end of the clock: none.</summary>
    [InlineArray(Count)]
    private struct Moments
    {
        public const int Count = 4;

        private TimeSpan _first;

        public static Moments None
        {
            get
            {
                var none = default(Moments);
                ((Span<TimeSpan>)none).Fill(TimeSpan.MaxValue);
                return none;
            }
        }
    }
}
