namespace Reactor;

/// <summary>
/// Observes what a loop does, for traces, profiles and counters (trio: <c>Instrument</c>). All
/// methods are empty by default.
/// </summary>
/// <remarks>
/// <para>
/// Called on the loop thread within the turn, so a slow instrument delays the loop. It may use the
/// loop as a callback may, but must not run it. An instrument that throws is removed, and the error
/// is reported.
/// </para>
/// <para>
/// <see cref="TaskStep.Owner"/> is the task, an <c>ILoopTask</c>. The first step of an eager task
/// belongs to the step that creates it: the task is spawned, and may exit, without a step of its
/// own.
/// </para>
/// </remarks>
public interface ILoopInstrument
{
    /// <summary>A run begins: <c>RunForever</c>, <c>RunUntilComplete</c>, or one turn.</summary>
    void BeforeRun()
    {
    }

    /// <summary>The run has ended; the loop may run again.</summary>
    void AfterRun()
    {
    }

    /// <summary>A task was made. It has not run, unless it is eager.</summary>
    void TaskSpawned(TaskStep step)
    {
    }

    /// <summary>A task is ready, and runs in this turn or the next.</summary>
    void TaskScheduled(TaskStep step)
    {
    }

    /// <summary>A task runs until its next await that waits.</summary>
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

    /// <summary>The loop polls for I/O, once a turn.</summary>
    /// <param name="timeout">The longest wait; zero: none; null: until a wake-up.</param>
    void BeforeIoWait(TimeSpan? timeout)
    {
    }

    /// <summary>The poll has ended.</summary>
    /// <param name="elapsed">Its duration on the loop's clock.</param>
    void AfterIoWait(TimeSpan elapsed)
    {
    }
}
