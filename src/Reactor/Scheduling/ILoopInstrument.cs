namespace Reactor;

/// <summary>
/// Observes a loop, for traces, profiles and counters (trio: <c>Instrument</c>). Methods are empty
/// by default and called on the loop thread.
/// </summary>
/// <remarks>
/// It must not run the loop. If it throws, it is removed and the error reported. The first step of
/// an eager task belongs to its creator's, so a task may exit without a step.
/// </remarks>
public interface ILoopInstrument
{
    /// <summary>A run begins.</summary>
    void BeforeRun()
    {
    }

    /// <summary>A run has ended.</summary>
    void AfterRun()
    {
    }

    /// <summary>A task was made.</summary>
    void TaskSpawned(TaskStep step)
    {
    }

    /// <summary>A task is ready.</summary>
    void TaskScheduled(TaskStep step)
    {
    }

    /// <summary>A task is about to run.</summary>
    void BeforeTaskStep(TaskStep step)
    {
    }

    /// <summary>A task waits again, or has ended.</summary>
    void AfterTaskStep(TaskStep step)
    {
    }

    /// <summary>A task has ended; its outcome is set after this.</summary>
    void TaskExited(TaskStep step)
    {
    }

    /// <summary>The loop is about to poll for I/O.</summary>
    /// <param name="timeout">Null: until a wake-up.</param>
    void BeforeIoWait(TimeSpan? timeout)
    {
    }

    /// <summary>The poll has ended.</summary>
    /// <param name="elapsed">On the loop's clock.</param>
    void AfterIoWait(TimeSpan elapsed)
    {
    }
}
