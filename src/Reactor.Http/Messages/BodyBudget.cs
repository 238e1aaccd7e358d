using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The memory limit of all bodies of one server, or of one client session. A body without room
/// pauses: its bytes stay in the kernel, whose window holds the peer back.
/// </summary>
/// <remarks>
/// <para>Loop thread only; one for each, so each of several loops has a share.</para>
/// <para>
/// The oldest body is granted room first, with two exceptions: a request for a block or less does
/// not queue behind larger ones, and while larger ones wait, no newer body of more than a block
/// passes them. A stream of medium bodies could otherwise starve a large one.
/// </para>
/// <para>
/// While bodies wait, the peers of those that hold memory are hurried (<see cref="BodyPace"/>). If
/// nothing moves for <c>stallTimeout</c>, the newest waiting body is refused (503), and others that
/// are read whole, from the newest on, if that makes room for the oldest.
/// </para>
/// </remarks>
internal sealed class BodyBudget(
    EventLoop loop, long bytesMax, TimeSpan stallTimeout, Action onRefused) : DeadlineTimer(loop)
{
    private const int BlockBytes = NativeBlockPool.BlockBytes;

    /// <summary>How often it waits for late bodies, whose handlers may keep their memory.</summary>
    private const int LateLooksMax = 10;

    private static readonly TimeSpan s_againSoon = TimeSpan.FromMilliseconds(1);

    private static readonly Comparer<BodyBuffer> s_byAge =
        Comparer<BodyBuffer>.Create((one, other) => one.Age.CompareTo(other.Age));

    private readonly HashSet<BodyBuffer> _holders = [];
    private readonly SortedSet<BodyBuffer> _small = new(s_byAge);
    private readonly SortedSet<BodyBuffer> _large = new(s_byAge);
    private long _born;
    private int _lateLooks;

    public EventLoop Loop => loop;

    public long BytesMax => bytesMax;

    public long UsedBytes { get; private set; }

    public int Waiting { get; private set; }

    public bool IsPressed => Waiting > 0;

    public NativeBlockPool Blocks { get; } = new(loop);

    /// <summary>Reserves what a body wants, if there is room now.</summary>
    public bool TryReserve(BodyBuffer body)
    {
        if (body.Age == 0)
        {
            body.Age = ++_born;
        }

        if (body.Wanted > bytesMax - UsedBytes
            || (body.Wanted > BlockBytes && _large.Count > 0 && _large.Min!.Age < body.Age))
        {
            return false;
        }

        Grant(body);
        return true;
    }

    /// <summary>Reserves a small complete body; false while others wait.</summary>
    public bool TryReserveSmall(BodyBuffer body, int bytes)
    {
        if (IsPressed || bytes > bytesMax - UsedBytes)
        {
            return false;
        }

        UsedBytes += bytes;
        body.Held += bytes;
        return true;
    }

    /// <summary>
    /// Makes a body wait; <paramref name="resume"/> runs in a later turn, when it has room or was
    /// refused.
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
                holder.Owner.Hurry();
            }
        }

        body.Owner.BeginPause();
    }

    /// <summary>Ends a body's wait, with or without room.</summary>
    public void StopWaiting(BodyBuffer body)
    {
        if (body.Resume is not null)
        {
            TakeOut(body);
            GrantWaiting();
        }
    }

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

    /// <summary>Ends a body: takes back all, and ends its wait.</summary>
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
    /// Refuses a waiting body and resumes its reader. Content is dropped except that of a stream,
    /// which its reader may still see.
    /// </summary>
    public void Refuse(BodyBuffer body)
    {
        onRefused();
        body.Owner.Refuse(Rejection.BodyNoRoom);
        if (!body.IsStream)
        {
            body.Clear();
        }
        else if (body.Resume is { } resume) // else its exchange has ended and left
        {
            StopWaiting(body);
            loop.CallSoon(resume);
        }
    }

    public void NoteProgress()
    {
        _lateLooks = 0;
        Set(loop.MomentAfter(stallTimeout));
    }

    protected override void OnDue(TimeSpan due)
    {
        if (!IsPressed)
        {
            return;
        }

        if (_lateLooks < LateLooksMax && _holders.Any(one => one.Held > 0 && one.Owner.IsLate(due)))
        {
            _lateLooks++;
            Set(loop.MomentAfter(s_againSoon)); // its memory returns in the next turns
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

        // Refusing a stream frees nothing before its reader has ended.
        BodyBuffer[] givers = [.. _small.Concat(_large)
            .Where(one => one != oldest && one is { IsStream: false, Held: > 0 })
            .OrderByDescending(one => one.Age)];
        if (givers.Sum(one => one.Held) < oldest.Wanted - (bytesMax - UsedBytes))
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
        body.Owner.EndPause();
    }

    private BodyBuffer? NextThatFits()
    {
        long free = bytesMax - UsedBytes;
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
