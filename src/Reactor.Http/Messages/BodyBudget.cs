using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The memory that the bodies of one server's requests may take together. A body that finds no room
/// pauses: its bytes stay with the kernel, whose window holds the client back.
/// </summary>
/// <remarks>
/// <para>Loop thread only; one a server, so several loops have a part of the total each.</para>
/// <para>
/// Room is granted to the oldest body first. Two exceptions: a request for a block or less does not
/// queue behind larger ones, and while larger ones wait no newer body of more than a block passes
/// them, or a steady stream of medium bodies could keep a large one waiting for ever.
/// </para>
/// <para>
/// While bodies wait, the server is stricter with the clients of those that hold memory
/// (<see cref="BodyWait"/>), and where for <see cref="HttpServerOptions.BodyStallTimeout"/> no
/// waiting body could go on and no other took a byte, the newest that waits is answered 503; more
/// of those that are read whole, from the newest on, where that makes room for the oldest.
/// </para>
/// </remarks>
internal sealed class BodyBudget(HttpServer server, EventLoop loop) : DeadlineTimer(loop)
{
    private const int BlockBytes = NativeBlockPool.BlockBytes;

    /// <summary>
    /// How often the memory of late bodies is waited for: their handlers may catch the exception
    /// and keep it.
    /// </summary>
    private const int LateLooksMax = 10;

    private static readonly TimeSpan s_againSoon = TimeSpan.FromMilliseconds(1);

    private static readonly Comparer<BodyBuffer> s_byAge =
        Comparer<BodyBuffer>.Create((one, other) => one.Age.CompareTo(other.Age));

    private readonly HashSet<BodyBuffer> _holders = [];
    private readonly SortedSet<BodyBuffer> _small = new(s_byAge);
    private readonly SortedSet<BodyBuffer> _large = new(s_byAge);
    private long _born;
    private int _lateLooks;

    /// <summary>The limit.</summary>
    public long BytesMax { get; } = server.Options.BodyBufferBytes;

    /// <summary>Bytes that are reserved.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Bodies that wait for room.</summary>
    public int Waiting { get; private set; }

    /// <summary>True while bodies wait for room.</summary>
    public bool IsPressed => Waiting > 0;

    /// <summary>Where bodies lie.</summary>
    public NativeBlockPool Blocks { get; } = new(loop);

    /// <summary>Reserves what a body wants, if it may have that now.</summary>
    public bool TryReserve(BodyBuffer body)
    {
        if (body.Age == 0)
        {
            body.Age = ++_born;
        }

        if (body.Wanted > BytesMax - UsedBytes
            || (body.Wanted > BlockBytes && _large.Count > 0 && _large.Min!.Age < body.Age))
        {
            return false;
        }

        Grant(body);
        return true;
    }

    /// <summary>
    /// Reserves a small body that is wholly there, unless that must look at others first.
    /// </summary>
    public bool TryReserveSmall(BodyBuffer body, int bytes)
    {
        if (IsPressed || bytes > BytesMax - UsedBytes)
        {
            return false;
        }

        UsedBytes += bytes;
        body.Held += bytes;
        return true;
    }

    /// <summary>
    /// A body that found no room waits; <paramref name="resume"/> runs in a later turn, when it has
    /// its room or was refused.
    /// </summary>
    public void Wait(BodyBuffer body, Action resume)
    {
        bool wasPressed = IsPressed;
        body.Resume = resume;
        SetOf(body).Add(body);
        Waiting++;
        if (!wasPressed)
        {
            NoteProgress();
            foreach (BodyBuffer holder in _holders)
            {
                holder.Exchange.Owner.HurryBody();
            }
        }

        body.Exchange.Owner.BeginBodyPause();
    }

    /// <summary>A body waits no longer, whether it has its room or not.</summary>
    public void StopWaiting(BodyBuffer body)
    {
        if (body.Resume is not null)
        {
            TakeOut(body);
            GrantWaiting();
        }
    }

    /// <summary>A body needs so many bytes no longer.</summary>
    public void GiveBack(BodyBuffer body, long bytes)
    {
        body.Held -= bytes;
        UsedBytes -= bytes;
        if (IsPressed && bytes > 0)
        {
            NoteProgress();
            GrantWaiting();
        }
    }

    /// <summary>A body has ended: all that it holds is free, and it waits no longer.</summary>
    public void Leave(BodyBuffer body)
    {
        if (body.IsCounted)
        {
            body.IsCounted = false;
            _holders.Remove(body);
        }

        if (body.Resume is { } resume)
        {
            StopWaiting(body);
            loop.CallSoon(resume);
        }

        GiveBack(body, body.Held);
    }

    /// <summary>
    /// A waiting body is refused: its reader goes on, to learn of it. What was read of it is
    /// dropped, unless that is a stream, whose reader may be looking at it.
    /// </summary>
    public void Refuse(BodyBuffer body)
    {
        HttpMetrics.Shed(Overload.Memory);
        server.Lines.Overloaded(Overload.Memory, loop);
        body.Exchange.Body.Refuse(Rejection.BodyNoRoom);
        if (body.IsStream)
        {
            Action resume = body.Resume!;
            StopWaiting(body);
            loop.CallSoon(resume);
        }
        else
        {
            body.Clear();
        }
    }

    /// <summary>A byte of a body was taken, or room was given back.</summary>
    public void NoteProgress()
    {
        _lateLooks = 0;
        Set(loop.MomentAfter(server.Options.BodyStallTimeout));
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        if (!IsPressed)
        {
            return;
        }

        if (_lateLooks < LateLooksMax && _holders.Any(one => one.Held > 0
            && (one.Exchange.IsBodyLate || one.Exchange.BodyWait.Due <= due)))
        {
            _lateLooks++;
            Set(loop.MomentAfter(s_againSoon)); // its memory comes back in the next turns
            return;
        }

        ShedNewest();
        if (IsPressed)
        {
            NoteProgress();
        }
    }

    private void ShedNewest()
    {
        BodyBuffer oldest = Oldest();
        Refuse(Newest());
        if (oldest.Resume is null)
        {
            return;
        }

        // A stream gives nothing back before its reader has ended, so to refuse more of them now
        // would not help.
        BodyBuffer[] givers = [.. _small.Concat(_large)
            .Where(one => one != oldest && one is { IsStream: false, Held: > 0 })
            .OrderByDescending(one => one.Age)];
        if (givers.Sum(one => one.Held) < oldest.Wanted - (BytesMax - UsedBytes))
        {
            return;
        }

        foreach (BodyBuffer giver in givers)
        {
            if (oldest.Resume is not null && giver.Resume is not null)
            {
                Refuse(giver);
            }
        }
    }

    private BodyBuffer Oldest() =>
        _small.Min is { } small && !(_large.Min?.Age < small.Age) ? small : _large.Min!;

    private BodyBuffer Newest() =>
        _small.Max is { } small && !(_large.Max?.Age > small.Age) ? small : _large.Max!;

    private void GrantWaiting()
    {
        while (NextThatFits() is { } body)
        {
            Action resume = body.Resume!;
            TakeOut(body);
            Grant(body);
            NoteProgress();
            loop.CallSoon(resume);
        }
    }

    private void TakeOut(BodyBuffer body)
    {
        SetOf(body).Remove(body);
        Waiting--;
        body.Resume = null;
        body.Exchange.Owner.EndBodyPause();
    }

    private BodyBuffer? NextThatFits()
    {
        long free = BytesMax - UsedBytes;
        return _small.Min is { } small && small.Wanted <= free ? small
            : _large.Min is { } large && large.Wanted <= free ? large
            : null;
    }

    private void Grant(BodyBuffer body)
    {
        UsedBytes += body.Wanted;
        body.Held += body.Wanted;
        body.Wanted = 0;
        if (!body.IsCounted && body.Held > BodyBuffer.SmallBytesMax)
        {
            body.IsCounted = true;
            _holders.Add(body);
        }
    }

    private SortedSet<BodyBuffer> SetOf(BodyBuffer body) =>
        body.Wanted <= BlockBytes ? _small : _large;
}
