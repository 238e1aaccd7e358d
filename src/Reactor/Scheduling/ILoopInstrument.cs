namespace Reactor;

/// <summary>
/// Observes what a loop does, for traces, profiles and counters (trio: <c>Instrument</c>). All
/// methods are empty by default.
/// </summary>
/// <remarks>
/// <para>
/// Called on the loop thread within the turn; a slow instrument delays the loop. It must not run
/// the loop. An instrument that throws is removed, and the error is reported.
/// </para>
/// <para>
/// <see cref="TaskStep.Owner"/> is the task, an <c>ILoopTask</c>. The first step of an eager task
/// belongs to its creator's step: the task may exit without a step of its own.
/// </para>
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

    /// <summary>The task waits again, or has ended.</summary>
    void AfterTaskStep(TaskStep step)
    {
    }

    /// <summary>A task has ended; its outcome is set after this.</summary>
    void TaskExited(TaskStep step)
    {
    }

    /// <summary>The loop is about to poll for I/O.</summary>
    /// <param name="timeout">Zero: no wait; null: until a wake-up.</param>
    void BeforeIoWait(TimeSpan? timeout)
    {
    }

    /// <summary>The poll has ended.</summary>
    /// <param name="elapsed">On the loop's clock.</param>
    void AfterIoWait(TimeSpan elapsed)
    {
    }
}
