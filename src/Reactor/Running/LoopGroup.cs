using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// Several loops, each on its own thread, that run the same main coroutine and share nothing, to
/// use all cores. Mains coordinate through their <see cref="LoopGroupMember"/>. Any thread that
/// runs no loop; runs once.
/// </summary>
/// <remarks>
/// The first loop runs on the thread of <see cref="Run"/> and alone handles Ctrl+C; the other
/// threads are <c>loop-1</c>, <c>loop-2</c> and so on. When a main throws, the others are
/// cancelled, and <see cref="Run"/> throws the first exception. asyncio has no equivalent.
/// </remarks>
public sealed class LoopGroup
{
    /// <summary>The most loops of a group, 1024: above the cores of any machine.</summary>
    public const int CountMax = 1024;

    private readonly Lock _lock = new();
    private readonly LoopGroupMember[] _members;
    private readonly Func<int, EventLoopOptions> _makeOptions;
    private List<Promise<Unit>> _met = [];
    private ExceptionDispatchInfo? _error;
    private bool _isStopped;
    private bool _isUsed;

    /// <summary>Makes a group; its loops are made when it runs.</summary>
    /// <param name="count">The number of loops, 1 to <see cref="CountMax"/>.</param>
    /// <param name="makeOptions">
    /// The options of each loop, by its number from 0, with its own driver; called on its thread.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public LoopGroup(int count, Func<int, EventLoopOptions>? makeOptions = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        _makeOptions = makeOptions ?? (static _ => new EventLoopOptions());
        _members = [.. Enumerable.Range(0, count).Select(i => new LoopGroupMember(this, i))];
    }

    /// <summary>The number of loops.</summary>
    public int Count => _members.Length;

    /// <summary>Runs a coroutine on each loop until all have ended.</summary>
    /// <param name="main">Called once for each loop, on its thread.</param>
    /// <exception cref="InvalidOperationException">
    /// A loop runs on this thread, or the group has run before.
    /// </exception>
    public void Run(Func<LoopGroupMember, Coroutine> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        if (EventLoop.TryGetCurrent() is not null)
        {
            throw new InvalidOperationException(
                "A group of loops would block the event loop that runs on this thread: "
                + "run it before any loop, or on a thread of its own.");
        }

        if (Interlocked.Exchange(ref _isUsed, true))
        {
            throw new InvalidOperationException("This group has run before: make a new one.");
        }

        var threads = new List<Thread>();
        try
        {
            foreach (LoopGroupMember member in _members.Skip(1))
            {
                threads.Add(Start(member, main));
            }
        }
        catch (Exception error)
        {
            Fail(error, null);
        }

        RunMember(_members[0], main);
        threads.ForEach(thread => thread.Join());
        _error?.Throw();
    }

    /// <summary>
    /// Asks all mains to end (<see cref="LoopGroupMember.Stopped"/>), even before they begin.
    /// Idempotent. Any thread.
    /// </summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            foreach (LoopGroupMember member in _members.Where(one => one.HasBegun))
            {
                Complete(member.Stop);
            }
        }
    }

    internal void Enter(LoopGroupMember member)
    {
        lock (_lock)
        {
            if (_error is not null)
            {
                throw new LoopCanceledException("Another loop of the group has failed.");
            }

            member.HasBegun = true;
            if (_isStopped)
            {
                member.Stop.TrySetResult(default);
            }
        }
    }

    /// <summary>A member has arrived; the last arrival releases all of them.</summary>
    internal void Meet(Promise<Unit> one)
    {
        lock (_lock)
        {
            _met.Add(one);
            if (_met.Count == Count)
            {
                _met.ForEach(Complete);
                _met = [];
            }
        }
    }

    // CallSoonThreadSafe would throw if the loop has ended, and on the loop's own thread overtake
    // messages of others: all loops see a stop and the end of a meeting in the order of the lock.
    private static void Post<T>(EventLoop loop, Action<T> callback, T state) => loop.PostMessage(
        new StateHandle<T>(loop, callback, state, LoopContext.Capture(), null, 0));

    private static void Complete(Promise<Unit> future) =>
        Post((EventLoop)future.Scheduler, static one => one.TrySetResult(default), future);

    private Thread Start(LoopGroupMember member, Func<LoopGroupMember, Coroutine> main)
    {
        var thread = new Thread(() => RunMember(member, main))
        {
            Name = $"loop-{member.Index}",
            // An unhandled error of the first thread ends the process, as with one loop.
            IsBackground = true,
        };
        thread.UnsafeStart();
        return thread;
    }

    private void RunMember(LoopGroupMember member, Func<LoopGroupMember, Coroutine> main)
    {
        try
        {
            EventLoop.Run(() => member.Run(main), OptionsOf(member));
        }
        catch (Exception error)
        {
            Fail(error, member);
        }
    }

    private EventLoopOptions OptionsOf(LoopGroupMember member)
    {
        EventLoopOptions options = _makeOptions(member.Index);
        return Count == 1 ? options : options with
        {
            Name = $"{options.Name}-{member.Index}",
            LoggerFactory = member.LoggersOf(options.LoggerFactory),
            HandleInterrupt = options.HandleInterrupt && member.IsFirst,
        };
    }

    /// <summary>Keeps the first error and cancels the other mains. Any thread.</summary>
    private void Fail(Exception error, LoopGroupMember? failed)
    {
        lock (_lock)
        {
            if (_error is null)
            {
                _error = ExceptionDispatchInfo.Capture(error);
                foreach (LoopGroupMember other in
                    _members.Where(one => one != failed && one.HasBegun))
                {
                    Post(other.Loop, static one => one.Main.Cancel(
                        "Another loop of the group has failed."), other);
                }

                return;
            }
        }

        if (error is not LoopCanceledException && failed is { HasBegun: true })
        {
            failed.Loop.Report(new LoopErrorContext
            {
                Message = "A loop of a group failed after another one had, whose error is thrown.",
                Exception = error,
            });
        }
    }
}
