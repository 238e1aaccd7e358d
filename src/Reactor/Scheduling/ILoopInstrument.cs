namespace Reactor;

/// <summary>
/// Observes a loop, for traces, profiles and counters (trio: <c>Instrument</c>). Methods are empty
/// by default and called on the loop thread, except <see cref="MessagePosted"/> and <see
/// cref="ErrorReported"/>.
/// </summary>
/// <remarks>
/// Observation changes no turn, no poll and no read of the driver's clock: an instrument that needs
/// the time reads a clock of its own, and must not run the loop. If it throws, it is removed and
/// the error reported. The first step of an eager task belongs to its creator's, so a task may exit
/// without a step.
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

    /// <summary>A turn begins.</summary>
    /// <param name="turn">Its number on this loop, from 1.</param>
    void BeforeTurn(long turn)
    {
    }

    /// <summary>The turn is about to run the work that is ready now.</summary>
    /// <param name="count">How many works; what they post runs in the next turn.</param>
    void BeforeBatch(int count)
    {
    }

    /// <summary>
    /// Work that is no step of a task was queued: a callback, a due timer, a message.
    /// </summary>
    void CallbackScheduled(LoopWork work)
    {
    }

    /// <summary>The first of the queued works is about to run; it is no step of a task.</summary>
    void BeforeCallback(LoopWork work)
    {
    }

    /// <summary>The work has run; its errors are reported.</summary>
    void AfterCallback(LoopWork work)
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
    /// <param name="timeout">Zero: it does not wait; null: until a wake-up.</param>
    void BeforeIoWait(TimeSpan? timeout)
    {
    }

    /// <summary>The poll has ended.</summary>
    /// <param name="elapsed">On the loop's clock; zero if the poll could not wait.</param>
    void AfterIoWait(TimeSpan elapsed)
    {
    }

    /// <summary>A timer was armed.</summary>
    /// <param name="number">The number of the arming on this loop.</param>
    /// <param name="work">What runs when it is due: a callback, or the step of a task.</param>
    /// <param name="when">The moment, on the loop's clock.</param>
    void TimerArmed(long number, LoopWork work, TimeSpan when)
    {
    }

    /// <summary>A timer is due, and its work is about to be queued.</summary>
    /// <inheritdoc cref="TimerArmed"/>
    void TimerFired(long number, LoopWork work, TimeSpan when)
    {
    }

    /// <summary>A timer was disarmed before it was due.</summary>
    /// <inheritdoc cref="TimerArmed"/>
    void TimerCancelled(long number, LoopWork work)
    {
    }

    /// <summary>
    /// Another thread is about to post work, or the loop's thread between two runs. Any thread,
    /// also several at once; comes before <see cref="MessageReceived"/> of the same number.
    /// </summary>
    /// <param name="number">The number of the message on this loop.</param>
    /// <param name="work">What runs when the loop has received it.</param>
    void MessagePosted(long number, LoopWork work)
    {
    }

    /// <summary>Work of another thread is about to be queued.</summary>
    /// <inheritdoc cref="MessagePosted"/>
    void MessageReceived(long number, LoopWork work)
    {
    }

    /// <summary>An object of the program has changed its state.</summary>
    /// <param name="kind">What it is; the server reports each <c>connection</c>.</param>
    /// <param name="number">Its number among the observed objects of this loop.</param>
    /// <param name="state">The new state: a constant text.</param>
    /// <param name="isLast">True if no other state follows.</param>
    void ObjectChanged(string kind, long number, string state, bool isLast)
    {
    }

    /// <summary>An error that no caller can catch is about to be reported. Any thread.</summary>
    void ErrorReported(LoopErrorContext error)
    {
    }
}
