namespace Reactor.Http;

/// <summary>
/// The time limit of a response's head. It begins at the end of the request, that is when the
/// server has acknowledged it.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// The kernel takes megabytes of a content, which leave on a slow line for minutes, and reports no
/// acknowledgement. So it is asked now and then, and the time begins anew while bytes are
/// acknowledged. A server that acknowledges none gets no more time.
/// </para>
/// </remarks>
internal sealed class HeadPace(ClientConnection connection, TimeSpan limit)
{
    /// <summary>The part of the limit after which the kernel is asked, a second at most.</summary>
    private const int LooksPerLimit = 16;

    private static readonly TimeSpan s_lookMax = TimeSpan.FromSeconds(1);

    private TimeSpan _began;
    private long? _unacknowledged;

    /// <summary>The last byte of the request was written.</summary>
    public void Begin()
    {
        _began = connection.Loop.Time;
        SetDeadline(mayLook: true);
    }

    /// <summary>A deadline has passed: true if it was the last one.</summary>
    public bool IsLate()
    {
        TimeSpan now = connection.Loop.Time;
        long left = connection.WrittenBytes - connection.Connection.GetAcknowledgedBytes();
        // What was acknowledged before the first look is the normal case, and changes nothing.
        if (left < (_unacknowledged ?? (left > 0 ? long.MaxValue : 0)))
        {
            _began = now;
        }

        _unacknowledged = left;
        bool isLate = now - _began >= limit;
        if (!isLate)
        {
            SetDeadline(mayLook: left > 0);
        }

        return isLate;
    }

    private void SetDeadline(bool mayLook)
    {
        if (limit == TimeSpan.MaxValue)
        {
            return;
        }

        EventLoop loop = connection.Loop;
        TimeSpan due = loop.MomentAfter(limit - (loop.Time - _began));
        TimeSpan look = limit / LooksPerLimit;
        look = loop.MomentAfter(look < s_lookMax ? look : s_lookMax);
        connection.SetDeadline(DeadlineKind.Phase, mayLook && look < due ? look : due);
    }
}
