namespace Reactor;

/// <summary>
/// Is told what a loop does, while it does it (trio: <c>Instrument</c>): for traces, profiles and
/// counters of one's own. Every method has an empty default, so implement what you need.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only, inside the turn: what takes long here holds up the loop. A method may use the
/// loop, as a callback may, but must not run it. One that throws anything is removed from the loop,
/// the error is reported, and the loop goes on.
/// </para>
/// <para>
/// <see cref="TaskStep.Owner"/> is the task, an <c>ILoopTask</c>. The first step of an eager task
/// is a part of the step that it runs in: it is spawned, and perhaps exits, and no step of its own
/// is told.
/// </para>
/// </remarks>
public interface ILoopInstrument
{
    /// <summary>A run begins: <c>RunForever</c>, <c>RunUntilComplete</c>, one turn.</summary>
    void BeforeRun()
    {
    }

    /// <summary>The run is over; the loop may run again.</summary>
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

    /// <summary>A task is about to run until its next await that waits.</summary>
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
    /// <param name="timeout">The longest wait; zero: it only looks; null: until woken.</param>
    void BeforeIoWait(TimeSpan? timeout)
    {
    }

    /// <summary>The poll is over.</summary>
    /// <param name="elapsed">What it took, on the loop's clock.</param>
    void AfterIoWait(TimeSpan elapsed)
    {
    }
}
