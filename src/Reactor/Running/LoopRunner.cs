using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Owns a loop for the length of a program: runs main coroutines on it, one after the other, turns
/// Ctrl+C into the cancellation of the one that runs, and leaves nothing behind (asyncio:
/// <c>Runner</c>).
/// </summary>
/// <remarks>
/// <para>
/// The loop is made by the first use and closed by <see cref="Dispose"/>, in this order: the tasks
/// that are left are cancelled and awaited, for <see cref="EventLoopOptions.CancelTimeout"/> at
/// most, and their errors reported; the default executor is shut and its work awaited, for
/// <see cref="EventLoopOptions.ExecutorTimeout"/> at most; the loop is closed. Both waits end at
/// <see cref="EventLoop.EndBy"/> if that is set, unless main went on for more than 5 s after it:
/// then that was not its end. asyncio closes
/// forgotten async generators in between. .NET tells nobody which there are, so that is left to the
/// <c>await foreach</c> of the task that is cancelled; ours hold nothing beyond it.
/// </para>
/// <para>
/// Ctrl+C (SIGINT), while a main runs: the first cancels main, and if main ends by that,
/// <see cref="InterruptException"/> is thrown from <c>Run</c>. Where nobody catches it the process
/// ends quietly with exit code 130, the code of a program that Ctrl+C ended. The second ends the
/// process at once, as the platform does, which shells show as 130 too: no thread can be stopped
/// from outside, so a main that does not listen could never be. A handler for SIGINT on the loop
/// (<c>AddSignalHandler</c>) comes before all this; code that hears the signal by itself sets
/// <see cref="EventLoopOptions.HandleInterrupt"/> to false.
/// </para>
/// <para>The thread that runs the loop only.</para>
/// </remarks>
public sealed class LoopRunner : IDisposable
{
    /// <summary>
    /// After the end that a server set for its process it lives no longer than this.
    /// </summary>
    private static readonly TimeSpan s_endOverrun = TimeSpan.FromSeconds(5);

    private readonly EventLoopOptions _options;
    private readonly Func<EventLoopOptions, EventLoop> _makeLoop;
    private EventLoop? _loop;
    private LoopContext? _context;
    private volatile Interruption? _interruption;
    private bool _isDisposed;

    /// <summary>Makes a runner; its loop is made by the first use.</summary>
    /// <param name="options">How to make the loop, and how to end.</param>
    /// <param name="loopFactory">
    /// Makes the loop from these options; null: <see cref="EventLoop(EventLoopOptions)"/>.
    /// </param>
    public LoopRunner(
        EventLoopOptions? options = null, Func<EventLoopOptions, EventLoop>? loopFactory = null)
    {
        _options = options ?? new EventLoopOptions();
        _makeLoop = loopFactory ?? (static given => new EventLoop(given));
    }

    /// <summary>The loop, made now if it was not (asyncio: <c>get_loop</c>).</summary>
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

    /// <summary>
    /// Runs a coroutine to its end. Takes the function, so that no call is left over when it cannot
    /// run.
    /// </summary>
    /// <param name="main">The coroutine method.</param>
    /// <param name="context">
    /// The context to run in; null: the runner's, which is a copy of the one that its loop was made
    /// in, and in which every run finds what those before it have written.
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
        var interruption = new Interruption(loop, task);
        _interruption = interruption;
        using PosixSignalRegistration? registration = ListenFor(interruption);
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

    /// <summary>Runs a coroutine without a result; see the overload with one.</summary>
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public void Run(Func<Coroutine> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(() => main().Call, context);
    }

    /// <summary>
    /// Runs a plain async method to its end, as F# and Visual Basic write it. Cancelling it, which
    /// Ctrl+C does, ends the wait for it: nothing can end the method itself from outside.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="main">The async method; it is called on the loop.</param>
    /// <param name="context">As for a coroutine.</param>
    /// <returns>The method's result.</returns>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The runner is closed.</exception>
    /// <exception cref="InterruptException">Ctrl+C has ended the wait.</exception>
    [StackTraceHidden]
    public T Run<T>(Func<Task<T>> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(async Coroutine<T> () => await main().OnLoop(), context);
    }

    /// <summary>Runs a plain async method without a result; see the overload with one.</summary>
    [StackTraceHidden]
    public void Run(Func<Task> main, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(async Coroutine () => await main().OnLoop(), context);
    }

    /// <summary>Ends everything, in the order that is told above; again is harmless.</summary>
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
            loop.EndBy = null; // main went on after what was meant to be its end
        }

        try
        {
            CancelLeftovers(loop);
        }
        finally
        {
            try
            {
                loop.RunUntilComplete(loop.ShutdownExecutor(loop.LeftOf(_options.ExecutorTimeout)));
            }
            finally
            {
                loop.Dispose();
            }
        }
    }

    /// <summary>
    /// What a signal handler calls at Ctrl+C. Any thread. True if the first one was taken for the
    /// running main, so that the process goes on; false leaves it to the platform, which ends it.
    /// </summary>
    internal bool OnInterrupt() => _interruption is { } interruption && interruption.TryTake();

    private PosixSignalRegistration? ListenFor(Interruption interruption)
    {
        if (!_options.HandleInterrupt)
        {
            return null;
        }

        return PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // Never set to false: somebody else who heard it may have taken it.
            if (interruption.TryTake())
            {
                signal.Cancel = true;
            }
        });
    }

    /// <summary>
    /// Cancels the tasks that are left, lets them end, and reports what they threw.
    /// </summary>
    private void CancelLeftovers(EventLoop loop)
    {
        Future[] left = [.. loop.Tasks.Cast<Future>()];
        if (left.Length == 0)
        {
            return;
        }

        foreach (Future task in left)
        {
            task.Cancel();
        }

        loop.RunUntilComplete(EventLoop.Wait(left, timeout: loop.LeftOf(_options.CancelTimeout)));
        foreach (Future task in left)
        {
            if (task.IsDone && !task.IsCancelled && task.Exception is { } error)
            {
                loop.Report(new LoopErrorContext
                {
                    Message = "Unhandled exception during LoopRunner shutdown in "
                        + $"{ShownText.Of(task)}: "
                        + "catch it in the task, which was cancelled because main had ended.",
                    Exception = error,
                    Future = task,
                    CreatedAt = task.CreatedAt,
                });
            }
        }
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
    /// Ends the process by exit code 130 where nobody catches an <see cref="InterruptException"/>.
    /// Else .NET would print it as a crash and abort. It also runs no <c>finally</c> then, so the
    /// runner is disposed of from here.
    /// </summary>
    private static class UnhandledInterrupts
    {
        /// <summary>128 and the number of SIGINT, as shells have it.</summary>
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

    /// <summary>Ctrl+C on its way to one main: from any thread, through the loop.</summary>
    private sealed class Interruption(EventLoop loop, Future main) : LoopWork
    {
        private int _count;
        private bool _isDelivered;

        /// <summary>
        /// True if main has ended by the interruption, and nobody else had asked it to end. Loop
        /// thread only.
        /// </summary>
        public bool HasCancelled => _isDelivered && main.IsCancelled
            && ((ILoopTask)main).Cancelling <= 1;

        /// <summary>Takes the first one. Any thread.</summary>
        public bool TryTake()
        {
            // One that a handler of the loop takes counts as well: when that handler is gone, it is
            // the second Ctrl+C all the same.
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
