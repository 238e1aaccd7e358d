using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Owns the loop of a program: runs main coroutines on it, one after the other, lets Ctrl+C cancel
/// the running one, and cleans up (asyncio: <c>Runner</c>). Only the thread that runs the loop may
/// use it.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Dispose"/> cancels and awaits the remaining tasks
/// (<see cref="EventLoopOptions.CancelTimeout"/>), awaits the default executor
/// (<see cref="EventLoopOptions.ExecutorTimeout"/>), and closes the loop.
/// <see cref="EventLoop.EndBy"/> cuts both waits short. .NET does not list async generators: the
/// <c>await foreach</c> of a cancelled task closes its own.
/// </para>
/// <para>
/// The first Ctrl+C (SIGINT) during a main cancels it, and <c>Run</c> throws
/// <see cref="InterruptException"/>; uncaught, it ends the process quietly with code 130. The
/// second ends the process at once. A handler of the loop for SIGINT has precedence;
/// <see cref="EventLoopOptions.HandleInterrupt"/> turns this off.
/// </para>
/// </remarks>
/// <param name="options">The options of the loop and of its end.</param>
/// <param name="loopFactory">Makes the loop, at its first use; null: its constructor.</param>
public sealed class LoopRunner(
    EventLoopOptions? options = null, Func<EventLoopOptions, EventLoop>? loopFactory = null)
    : IDisposable
{
    // After this, EndBy belongs to an earlier end.
    private static readonly TimeSpan s_endOverrun = TimeSpan.FromSeconds(5);

    private readonly EventLoopOptions _options = options ?? new EventLoopOptions();
    private readonly Func<EventLoopOptions, EventLoop> _makeLoop =
        loopFactory ?? (static given => new EventLoop(given));

    private EventLoop? _loop;
    private LoopContext? _context;
    private volatile InterruptRequest? _interruption;
    private bool _isDisposed;

    /// <summary>The loop, made by the first use (asyncio: <c>get_loop</c>).</summary>
    /// <exception cref="ObjectDisposedException">The runner is closed.</exception>
    public EventLoop Loop
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_loop is null)
            {
                _loop = _makeLoop(_options);
                _context = LoopContext.Capture();
            }

            return _loop;
        }
    }

    /// <summary>Runs a coroutine to its end.</summary>
    /// <param name="main">The coroutine method.</param>
    /// <param name="context">
    /// The context to run in; null: the runner's, with the writes of earlier runs.
    /// </param>
    /// <returns>The coroutine's result.</returns>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The runner is closed.</exception>
    /// <exception cref="InterruptException">Ctrl+C has cancelled the coroutine.</exception>
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public T Run<T>(Func<Coroutine<T>> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ThrowIfLoopRunsHere();
        EventLoop loop = Loop;
        loop.ThrowIfCannotRun();
        LoopTask<T> task = loop.CreateTask(main(), context: context ?? _context);
        var interruption = new InterruptRequest(loop, task);
        _interruption = interruption;
        using IDisposable? registration = ListenFor(loop, interruption);
        try
        {
            return loop.RunUntilComplete(task);
        }
        catch (LoopCanceledException error) when (interruption.HasCancelled)
        {
            throw UnhandledInterrupts.Watch(this, error);
        }
        finally
        {
            _interruption = null;
        }
    }

    /// <inheritdoc cref="Run{T}(Func{Coroutine{T}}, LoopContext)"/>
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public void Run(Func<Coroutine> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(() => main().Call, context);
    }

    /// <summary>
    /// Runs a plain async method, as of F# and Visual Basic. A cancellation ends only the wait for
    /// it.
    /// </summary>
    /// <inheritdoc cref="Run{T}(Func{Coroutine{T}}, LoopContext)"/>
    [StackTraceHidden]
    public T Run<T>(Func<Task<T>> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(async Coroutine<T> () => await main().OnLoop(), context);
    }

    /// <inheritdoc cref="Run{T}(Func{Task{T}}, LoopContext)"/>
    [StackTraceHidden]
    public void Run(Func<Task> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(async Coroutine () => await main().OnLoop(), context);
    }

    /// <summary>Cleans up in the order described above; idempotent.</summary>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        ThrowIfLoopRunsHere();
        _isDisposed = true;
        if (_loop is not { IsClosed: false } loop)
        {
            return;
        }

        if (loop.Time - loop.EndBy > s_endOverrun)
        {
            loop.EndBy = null; // main went on
        }

        using (loop)
        {
            try
            {
                CancelLeftovers(loop);
            }
            finally
            {
                loop.RunUntilComplete(loop.ShutdownExecutorAsync(LeftOf(_options.ExecutorTimeout)));
            }
        }
    }

    [StackTraceHidden]
    internal static T RunOnce<T>(EventLoopOptions? options, Func<LoopRunner, T> run)
    {
        var runner = new LoopRunner(options);
        T result;
        try
        {
            result = run(runner);
        }
        catch
        {
            // Not `finally`: .NET skips it if nothing catches the error.
            runner.Dispose();
            throw;
        }

        runner.Dispose();
        return result;
    }

    /// <inheritdoc cref="RunOnce{T}"/>
    [StackTraceHidden]
    internal static void RunOnce(EventLoopOptions? options, Action<LoopRunner> run) =>
        RunOnce(options, [StackTraceHidden] (runner) =>
        {
            run(runner);
            return default(Unit);
        });

    /// <summary>
    /// Ctrl+C was pressed. False lets the platform end the process. Any thread.
    /// </summary>
    internal bool OnInterrupt() => _interruption is { } interruption && interruption.TryTake();

    private IDisposable? ListenFor(EventLoop loop, InterruptRequest interruption) =>
        !_options.HandleInterrupt ? null : loop.Driver.ListenSignal(
            PosixSignal.SIGINT, signal => signal.Cancel |= interruption.TryTake());

    private void CancelLeftovers(EventLoop loop)
    {
        Future[] left = [.. loop.AllTasks().Cast<Future>()];
        if (left.Length == 0)
        {
            return;
        }

        foreach (Future task in left)
        {
            task.Cancel();
        }

        loop.RunUntilComplete(EventLoop.Wait(left, timeout: LeftOf(_options.CancelTimeout)));
        foreach (Future task in left)
        {
            if (task.IsDone && !task.IsCancelled && task.Exception is { } error)
            {
                task.Report(
                    $"Unhandled exception during LoopRunner shutdown in {ShownText.Of(task)}: "
                    + "catch it in the task, which was cancelled because main had ended.",
                    error);
            }
        }
    }

    /// <summary>The rest of a wait at the end; null: unlimited.</summary>
    private TimeSpan? LeftOf(TimeSpan timeout)
    {
        TimeSpan? limit = TimeLimit.OrNull(timeout);
        TimeSpan? left = _loop!.EndBy - _loop.Time ?? limit;
        return left > limit ? limit : left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    private static void ThrowIfLoopRunsHere()
    {
        if (EventLoop.TryGetCurrent() is not null)
        {
            throw new InvalidOperationException(
                "A runner cannot be used from a running event loop: await the coroutine there, " +
                "or make it a task with EventLoop.Spawn.");
        }
    }

    /// <summary>
    /// Ends the process with exit code 130 if nothing catches an <see cref="InterruptException"/>;
    /// .NET would print a crash, and run no <c>finally</c> block to dispose of the runner.
    /// </summary>
    private static class UnhandledInterrupts
    {
        // 128 and the number of SIGINT, as shells have it.
        private const int ExitCode = 130;

        private static readonly ConditionalWeakTable<Exception, LoopRunner> s_runners = [];

        static UnhandledInterrupts() => AppDomain.CurrentDomain.UnhandledException += EndQuietly;

        public static InterruptException Watch(LoopRunner runner, Exception cause)
        {
            var error = new InterruptException("The program was interrupted (SIGINT).", cause);
            s_runners.Add(error, runner);
            return error;
        }

        private static void EndQuietly(object sender, UnhandledExceptionEventArgs unhandled)
        {
            if (unhandled.ExceptionObject is not InterruptException error
                || !s_runners.TryGetValue(error, out LoopRunner? runner))
            {
                return;
            }

            try
            {
                runner.Dispose();
            }
            finally
            {
                Environment.Exit(ExitCode);
            }
        }
    }

    private sealed class InterruptRequest(EventLoop loop, Future main) : LoopWork
    {
        private int _count;
        private bool _isDelivered;

        /// <summary>
        /// True if main was cancelled by the interruption and nothing else. Loop thread only.
        /// </summary>
        public bool HasCancelled => _isDelivered && main.IsCancelled
            && ((ILoopTask)main).Cancelling <= 1;

        /// <summary>True for the first Ctrl+C. Any thread.</summary>
        public bool TryTake()
        {
            // A Ctrl+C for a handler of the loop counts too.
            bool isFirst = Interlocked.Increment(ref _count) == 1;
            if (!isFirst || main.IsDone || loop.Signals?.Handles(PosixSignal.SIGINT) == true)
            {
                return false;
            }

            loop.PostThreadSafe(this);
            return true;
        }

        /// <inheritdoc/>
        public override void Run() => _isDelivered = main.Cancel("Interrupted by SIGINT.");
    }
}
