using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The stack of a task's frames, and its wait. Awaiting a child pushes its frame and completion
/// pops it, so the native stack stays flat.
/// </summary>
/// <remarks>Loop thread only. The hot members are not virtual.</remarks>
[StackTraceHidden]
internal abstract class FrameStack : TaskStep
{
    // The innermost frame; after the end of the task its bottom frame.
    private CoroutineFrame _top;

    private protected FrameStack(CoroutineScheduler scheduler, CoroutineFrame bottom)
        : base(scheduler)
    {
        if (bottom.State != FrameState.Cold)
        {
            throw CoroutineFrame.MakeReuse();
        }

        bottom.Owner = this;
        bottom.State = FrameState.OnStack;
        _top = bottom;
    }

    /// <summary>The innermost frame; null once the task has ended.</summary>
    public CoroutineFrame? Top => HasEnded ? null : _top;

    /// <summary>
    /// The task's coroutine. On other threads it may be a wrong frame while the stack changes.
    /// </summary>
    public CoroutineFrame Bottom
    {
        get
        {
            CoroutineFrame frame = _top;
            while (frame.Parent is { } parent)
            {
                frame = parent;
            }

            return frame;
        }
    }

    /// <summary>The wait; null while the task runs or awaits something foreign.</summary>
    public IWaitSource? Wait { get; private protected set; }

    public bool HasStarted { get; private protected set; }

    public bool HasEnded => _top.State != FrameState.OnStack;

    public abstract ExceptionDispatchInfo? LastError { get; }

    public abstract bool AwaitsForeign { get; }

    public abstract string? DescribeForeignAwait();

    public abstract void OnThrown(OperationCanceledException error);

    private protected abstract void NoteError(Exception error);

    public void Push(CoroutineFrame frame)
    {
        Debug.Assert(frame.State == FrameState.Cold, "a coroutine is awaited once");
        frame.State = FrameState.OnStack;
        frame.Owner = this;
        frame.Parent = _top;
        _top = frame;
    }

    public void OnReturned(CoroutineFrame frame)
    {
        frame.State = FrameState.Returned;
        Pop(frame);
    }

    public void OnThrew(CoroutineFrame frame, Exception error)
    {
        frame.State = FrameState.Threw;
        NoteError(error);
        Pop(frame);
    }

    /// <summary>Resumes the task after a foreign await. Any thread.</summary>
    public void ResumeFromAnywhere() => Scheduler.PostThreadSafe(this);

    /// <summary>Runs frames until one suspends the task or the last has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void RunFrames()
    {
        // The frame that suspended the task, or a bottom that returned, is still on top.
        CoroutineFrame? ran = null;
        for (CoroutineFrame top = _top; !ReferenceEquals(top, ran); top = _top)
        {
            ran = top;
            top.MoveNext();
        }
    }

    /// <summary>
    /// Continues after <c>MoveNext</c> itself threw, because the method could not be loaded or
    /// compiled: the call fails with that.
    /// </summary>
    /// <returns>False if the error could not be kept, as without memory.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected bool TryStepOn(Exception error)
    {
        while (true)
        {
            try
            {
                OnThrew(_top, error);
            }
            catch (Exception)
            {
                return false;
            }

            if (HasEnded)
            {
                return true;
            }

            try
            {
                RunFrames();
                return true;
            }
            catch (Exception next)
            {
                error = next;
            }
        }
    }

    private void Pop(CoroutineFrame frame)
    {
        Debug.Assert(ReferenceEquals(frame, _top), "frames leave in the order they came");
        if (frame.Parent is { } parent)
        {
            _top = parent;
            frame.Parent = null;
        }
    }
}
