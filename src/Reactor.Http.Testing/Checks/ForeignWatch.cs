using System.Globalization;
using Reactor.Diagnostics;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// Notes what makes the outcome of a test depend on real time or on other threads: what begins on
/// the loop and ends elsewhere, a thread that posts to the loop, and a foreign await over which the
/// virtual clock jumps.
/// </summary>
/// <remarks>
/// <para>
/// What begins elsewhere counts, see <see cref="ForeignStarts"/>, whether it is awaited or not.
/// </para>
/// <para>
/// An await of a foreign object is no offence by itself: a plain async method that waits for the
/// loop, or a <see cref="TaskCompletionSource"/> that another task of the loop completes, has the
/// same outcome each time. What counts is how it ends: on another thread, or by a cancellation of
/// virtual time, or not at all. Work on an executor is allowed, because the clock stands meanwhile.
/// </para>
/// <para>Loop thread only, except <see cref="ILoopInstrument.MessagePosted"/>.</para>
/// </remarks>
internal sealed class ForeignWatch : ILoopInstrument
{
    /// <summary>Waits that are kept as text; a loop of foreign awaits has the same cause.</summary>
    private const int WaitsMax = 20;

    /// <summary>
    /// It compiles a service on the pool at its second use, for which nothing waits.
    /// </summary>
    private const string Container = "Microsoft.Extensions.DependencyInjection";

    private readonly EventLoop _loop;
    private readonly InMemoryDriver _driver;
    private readonly List<string> _ended = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<long, (int ThreadId, string Name, bool IsOfPool)> _foreign = [];
    private int _threadId = Environment.CurrentManagedThreadId;
    private int _dropped;
    private bool _hasCancelled;

    public ForeignWatch(EventLoop loop, InMemoryDriver driver)
    {
        _loop = loop;
        _driver = driver;
        loop.ForeignWaits = new ForeignWaits { OnAbandoned = OnAbandoned };
        driver.IsAwaited = () => _hasCancelled && Cancelled.Any();
        loop.AddInstrument(this);
        ForeignStarts.Begin();
    }

    /// <summary>
    /// True once the shutdown has begun: it cancels waits of background tasks, whatever they wait
    /// for. The end of some takes a hop over the thread pool, for which the clock stands.
    /// </summary>
    public bool IsEnding { get; set; }

    /// <summary>Finds the tasks that the application runs beside its requests.</summary>
    public Func<IEnumerable<ILoopTask>> FindLasting { get; set; } = static () => [];

    /// <summary>
    /// True if a wait has ended by chance. A function that the clock has passed and that never ends
    /// is a leak.
    /// </summary>
    public bool HasEnded =>
        _ended.Count > 0 || (_driver.HasPassedWork && _driver.WorkElsewhere == 0);

    /// <summary>
    /// True if a wait goes on that may be the cause of a time limit or of a deadlock. Waits of the
    /// application's lasting tasks, such as one for the next item of a channel, are none.
    /// </summary>
    /// <param name="isOvertaken">Only waits over which the clock has jumped.</param>
    public bool MayBlock(bool isOvertaken)
    {
        var graph = AwaitGraph.Of(_loop);
        HashSet<object> lasting = [.. FindLasting()];
        return _driver.HasPassedWork || _loop.ForeignWaits!.Pending.Any(pending =>
            !(isOvertaken && pending.Overtaken is null)
            && !(pending.Wait.Waiter?.Owner is Future owner && IsAmong(lasting, owner, graph)));
    }

    /// <summary>Every wait so far: those that ended by chance, then those that go on.</summary>
    public IReadOnlyList<string> Describe()
    {
        List<string> all = [.. _ended];
        if (_dropped > 0)
        {
            all.Add(string.Create(CultureInfo.InvariantCulture, $"and {_dropped} more"));
        }

        if (_driver.HasPassedWork)
        {
            all.Add("a function on an executor took so much real time that the clock, or a later "
                + "function, went on without it");
        }

        all.AddRange(_loop.ForeignWaits!.Pending.Select(pending => DescribePending(
            pending.Wait, pending.Overtaken)));
        return all;
    }

    /// <summary>The running step begins something that ends elsewhere.</summary>
    public void NoteStart(string what)
    {
        if (UserPlace.IsCalledBy(IsContainer, IsOurs))
        {
            return;
        }

        bool isCancellation = UserPlace.IsCalledBy(IsTokenSource, IsOurs);
        if (isCancellation && IsEnding)
        {
            _hasCancelled = true;
            return;
        }

        string owner = _loop.RunningStep is { } step ? $" in {ShownText.Of(step.Owner)}" : "";
        string cause = isCancellation
            ? string.Concat(Cancelled.Select(wait => $"\ncancelled: {wait.Describe()}")) : "";
        Add(() => $"{what} at {FindPlace()}{owner}, {At(_loop.Time)}{cause}");
    }

    void ILoopInstrument.BeforeRun()
    {
        Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);
        ForeignStarts.Watch(this);
    }

    void ILoopInstrument.AfterRun() => ForeignStarts.Watch(null);

    /// <summary>What a step has noted of its waits is of that step.</summary>
    void ILoopInstrument.AfterTaskStep(TaskStep step) =>
        _loop.ForeignWaits!.NotePlainWait(null);

    /// <summary>Any thread.</summary>
    void ILoopInstrument.MessagePosted(long number, LoopWork work)
    {
        if (Environment.CurrentManagedThreadId == Volatile.Read(ref _threadId))
        {
            return;
        }

        string thread = Thread.CurrentThread.Name is { Length: > 0 } name
            ? $"the thread '{name}'"
            : "another thread";
        lock (_lock)
        {
            _foreign.Add(number, (
                Environment.CurrentManagedThreadId, thread,
                Thread.CurrentThread.IsThreadPoolThread));
        }
    }

    void ILoopInstrument.MessageReceived(long number, LoopWork work)
    {
        (int ThreadId, string Name, bool IsOfPool) thread;
        bool isForeign;
        lock (_lock)
        {
            isForeign = _foreign.Remove(number, out thread);
        }

        // An async test may go on in another thread between two runs of the loop.
        if (!isForeign || thread.ThreadId == Environment.CurrentManagedThreadId
            || work.IsIncidental || (_hasCancelled && thread.IsOfPool))
        {
            return;
        }

        // The task is still parked, so its stack shows the await.
        Add(() => work is TaskStep { Owner: Future task }
            ? $"a wait that {thread.Name} has ended, {At(_loop.Time)}:\n{task.FormatCallGraph()}"
            : $"{work.DescribeFromOutside()}, posted by {thread.Name}, {At(_loop.Time)}");
    }

    /// <summary>Waits of tasks that were cancelled, which their tokens end.</summary>
    private IEnumerable<IForeignWait> Cancelled =>
        from pending in _loop.ForeignWaits!.Pending
        where pending.Wait.Waiter?.Owner is ILoopTask { Cancelling: > 0 }
        select pending.Wait;

    private static bool IsAmong(HashSet<object> tasks, Future task, AwaitGraph graph)
    {
        var seen = new HashSet<Future>();
        var open = new Stack<Future>([task]);
        while (open.TryPop(out Future? one))
        {
            if (tasks.Contains(one))
            {
                return true;
            }

            foreach (Trampoline awaiter in seen.Add(one) ? graph.AwaitersOf(one) : [])
            {
                open.Push((Future)awaiter.Owner);
            }
        }

        return false;
    }

    private static bool IsContainer(string assembly, string? type) =>
        assembly.StartsWith($"{Container},", StringComparison.Ordinal);

    private static bool IsTokenSource(string assembly, string? type) =>
        type == typeof(CancellationTokenSource).FullName;

    private void OnAbandoned(IForeignWait wait, TimeSpan from)
    {
        if (!IsEnding)
        {
            Add(() => WithStack(
                wait,
                $"{wait.Describe()}: cancelled {At(_loop.Time)}, after the clock had jumped "
                    + $"{At(from)}"));
        }
    }

    private void Add(Func<string> describe)
    {
        if (_ended.Count < WaitsMax)
        {
            _ended.Add(describe());
        }
        else
        {
            _dropped++;
        }
    }

    private static string FindPlace() => UserPlace.Find(isOurs: IsOurs);

    private static bool IsOurs(string assembly) =>
        assembly.StartsWith("Reactor.Http,", StringComparison.Ordinal)
        || assembly == typeof(ForeignWatch).Assembly.FullName;

    private static string DescribePending(IForeignWait wait, TimeSpan? from) => WithStack(
        wait,
        from is { } moment
            ? $"{wait.Describe()}: the clock jumped {At(moment)} without it"
            : $"{wait.Describe()}: it goes on");

    private static string WithStack(IForeignWait wait, string text) =>
        wait.Waiter is { Owner: Future task } ? $"{text}\n{task.FormatCallGraph()}" : text;

    private static string At(TimeSpan moment) =>
        string.Create(CultureInfo.InvariantCulture, $"at {moment} of virtual time");
}
