using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// A block whose tasks end with it (asyncio: <c>TaskGroup</c>). The first error cancels the others
/// and the block; when all have ended, one <see cref="AggregateException"/> has every error.
/// </summary>
/// <remarks>
/// Loop thread only. The block is a delegate, because <c>await using</c> can neither see nor
/// replace an exception. A cancelled child does not fail the group.
/// </remarks>
public sealed class TaskGroup
{
    private readonly HashSet<Future> _children = [];
    private readonly List<Exception> _errors = [];
    private readonly CoroutineScheduler _scheduler;
    private readonly TaskStep _parentStep;
    private readonly ILoopTask _parent;
    private readonly Action<Future> _onChildDone;
    private JoinFuture? _allDone;
    private ExceptionDispatchInfo? _abort;
    private bool _isLeaving;
    private bool _isAborting;
    private bool _isParentCancelledByUs;

    private TaskGroup()
    {
        _scheduler = LoopAwaits.Scheduler;
        _parentStep = _scheduler.RunningStep ?? throw new InvalidOperationException(
            "A task group can only be used inside a task.");
        _parent = (ILoopTask)_parentStep.Owner;
        _onChildDone = OnChildDone;
    }

    /// <summary>Runs a block, waits for its tasks, and returns the block's result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="body">The block; gets the group.</param>
    /// <exception cref="AggregateException">Children or the block failed.</exception>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public static Coroutine<T> Run<T>(Func<TaskGroup, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunCore(body);
    }

    /// <inheritdoc cref="Run{T}(Func{TaskGroup, Coroutine{T}})"/>
    public static Coroutine Run(Func<TaskGroup, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Coroutine(RunCore(group => body(group).Call));
    }

    /// <summary>Makes a coroutine a task of this group (asyncio: <c>create_task</c>).</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="coroutine">A call that was not awaited yet.</param>
    /// <param name="name">The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <param name="context">The context to run in; null: a copy of the caller's.</param>
    /// <param name="eager">True: its first step runs before this returns.</param>
    /// <param name="file">Given by the compiler.</param>
    /// <param name="line">Given by the compiler.</param>
    /// <exception cref="InvalidOperationException">
    /// The group has ended or is shutting down; the coroutine is discarded.
    /// </exception>
    public LoopTask<T> Spawn<T>(
        Coroutine<T> coroutine, string? name = null, LoopContext? context = null,
        bool? eager = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        if (!IsOpen)
        {
            coroutine.Discard();
            ThrowIfNotOpen();
        }

        LoopTask<T> task = new TaskRequest<T>(_scheduler, coroutine)
        {
            Name = name,
            Context = context,
            IsEager = eager,
            CreatedAt = _scheduler.PlaceOf(file, line),
        }.Create();
        // Also if it is done: a failed eager child must not cancel its parent amid a step.
        _children.Add(task);
        task.AddDoneCallback(_onChildDone);
        return task;
    }

    /// <inheritdoc
    ///   cref="Spawn{T}(Coroutine{T}, string?, LoopContext?, bool?, string?, int)"/>
    public LoopTask Spawn(
        Coroutine coroutine, string? name = null, LoopContext? context = null, bool? eager = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        (LoopTask)Spawn(coroutine.Call, name, context, eager, file, line);

    /// <summary>
    /// Calls a coroutine method or async lambda and makes the call a task of this group.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="function">The method, called before this returns.</param>
    /// <param name="name">The task's name; null: <c>Task-1</c>, <c>Task-2</c> …</param>
    /// <param name="context">The context to run in; null: a copy of the caller's.</param>
    /// <param name="eager">True: its first step runs before this returns.</param>
    /// <param name="file">Given by the compiler.</param>
    /// <param name="line">Given by the compiler.</param>
    /// <exception cref="InvalidOperationException">
    /// The group has ended or is shutting down; the method was not called.
    /// </exception>
    public LoopTask<T> Spawn<T>(
        Func<Coroutine<T>> function, string? name = null, LoopContext? context = null,
        bool? eager = null, [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        Spawn(Call(function), name, context, eager, file, line);

    /// <inheritdoc
    ///   cref="Spawn{T}(Func{Coroutine{T}}, string?, LoopContext?, bool?, string?, int)"/>
    public LoopTask Spawn(
        Func<Coroutine> function, string? name = null, LoopContext? context = null,
        bool? eager = null, [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0) =>
        Spawn(Call(function), name, context, eager, file, line);

    /// <summary>Children that are left, and errors.</summary>
    public override string ToString()
    {
        string state = _isAborting ? " cancelling" : _isLeaving ? " leaving" : "";
        return $"<TaskGroup tasks={_children.Count} errors={_errors.Count}{state}>";
    }

    private TCoroutine Call<TCoroutine>(Func<TCoroutine> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        ThrowIfNotOpen();
        return function();
    }

    private bool IsOpen => !_isAborting && (!_isLeaving || _children.Count > 0);

    private void ThrowIfNotOpen()
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException(
                _isAborting && _children.Count > 0
                    ? "The task group is shutting down."
                    : "The task group is finished.");
        }
    }

    private static async Coroutine<T> RunCore<T>(Func<TaskGroup, Coroutine<T>> body)
    {
        var group = new TaskGroup();
        var step = (Trampoline)group._parentStep;
        AwaitingBlock? outer = step.Block;
        step.Block = new AwaitingBlock(step.Top!, group._children, outer);
        T result = default!;
        ExceptionDispatchInfo? error = null;
        try
        {
            result = await body(group);
        }
        catch (Exception thrown)
        {
            error = ExceptionDispatchInfo.Capture(step.AsCancellation(thrown));
        }

        try
        {
            await group.Leave(error);
        }
        finally
        {
            step.Block = outer;
        }

        return result;
    }

    private async Coroutine Leave(ExceptionDispatchInfo? error)
    {
        _isLeaving = true;
        ExceptionDispatchInfo? cancellation =
            error?.SourceException is LoopCanceledException ? error : null;
        NoteAbort(error);
        if (error is not null && !_isAborting)
        {
            Abort(); // the block failed, or its task was cancelled
        }

        cancellation = await WaitForChildren() ?? cancellation;
        Debug.Assert(_children.Count == 0, "no child outlives its group");
        _abort?.Throw();
        if (_isParentCancelledByUs && _parent.Uncancel() == 0)
        {
            cancellation = null; // it came from this group
        }

        if (error is not null && error.SourceException is not LoopCanceledException)
        {
            _errors.Add(error.SourceException);
        }

        if (_errors.Count > 0)
        {
            ThrowErrors();
        }

        cancellation?.Throw();
    }

    private async Coroutine<ExceptionDispatchInfo?> WaitForChildren()
    {
        ExceptionDispatchInfo? cancellation = null;
        bool before = _parentStep.KeepsCancellation;
        _parentStep.KeepsCancellation = true;
        while (_children.Count > 0)
        {
            _allDone ??= new JoinFuture(_scheduler, _children);
            try
            {
                await _allDone;
            }
            catch (LoopCanceledException error)
            {
                // While aborting the children are cancelled already.
                if (!_isAborting)
                {
                    cancellation = ExceptionDispatchInfo.Capture(error);
                    Abort();
                }
            }

            _allDone = null;
        }

        _parentStep.KeepsCancellation = before;
        return cancellation;
    }

    private void ThrowErrors()
    {
        if (_parent.Cancelling > 0)
        {
            // Also cancelled from outside: that is thrown at the next suspension. The count stays.
            _parent.Uncancel();
            _parent.Cancel();
        }

        throw new AggregateException("Unhandled errors in a TaskGroup.", _errors);
    }

    private void OnChildDone(Future child)
    {
        _children.Remove(child);
        if (_children.Count == 0)
        {
            _allDone?.TrySetResult(default);
        }

        if (child.IsCancelled || child.TakeError() is not { } error
            || IsCancellation(child, error.SourceException))
        {
            return;
        }

        _errors.Add(error.SourceException);
        NoteAbort(error);
        if (!_isAborting && !_isParentCancelledByUs)
        {
            // The block may be waiting; Leave takes the cancellation back.
            Abort();
            _isParentCancelledByUs = true;
            _parent.Cancel();
        }
    }

    /// <summary>
    /// True for an exception with a cancelled token that a cancellation of the parent, or an
    /// undelivered one of the child, explains.
    /// </summary>
    private bool IsCancellation(Future child, Exception error) =>
        error is OperationCanceledException { CancellationToken.IsCancellationRequested: true }
        && (child.Step is Trampoline { IsCancelPending: true }
            || _parentStep.AsCancellation(error) is LoopCanceledException);

    // An abort precedes all errors.
    private void NoteAbort(ExceptionDispatchInfo? error)
    {
        if (error?.SourceException is LoopAbortException)
        {
            _abort ??= error;
        }
    }

    private void Abort()
    {
        _isAborting = true;
        // A cancelled child ends in a later turn, so the set does not change.
        foreach (Future child in _children)
        {
            child.Cancel();
        }
    }
}
