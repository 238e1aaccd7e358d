using System.Diagnostics;

namespace Reactor;

/// <summary>
/// What waits for a future: steps of tasks, callbacks and observers, told in the order they came.
/// Each can be removed, so that a wait that ends early leaves nothing on a future that lives long.
/// The state and the outcome are in Future.cs.
/// </summary>
public abstract partial class Future
{
    // Null, one waiter (a TaskStep, a DoneCallback or an IDoneObserver), or a WaiterList of them
    // in order.
    private object? _waiters;

    /// <summary>
    /// Has a callback run through the loop once this is done; if it is done, in the next turn.
    /// (asyncio: <c>add_done_callback</c>)
    /// </summary>
    /// <param name="callback">Gets this future.</param>
    /// <param name="context">The context to run in; null: a copy of the present one.</param>
    public void AddDoneCallback(Action<Future> callback, LoopContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Register(callback, context);
    }

    /// <summary>
    /// Removes every registration equal to <paramref name="callback"/> (asyncio:
    /// <c>remove_done_callback</c>).
    /// </summary>
    /// <returns>How many were removed.</returns>
    public int RemoveDoneCallback(Action<Future> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckThread();
        switch (_waiters)
        {
            case DoneCallback single when single.Is(callback):
                _waiters = null;
                return 1;
            case WaiterList many:
                return many.RemoveAll(waiter => waiter is DoneCallback one && one.Is(callback));
            default:
                return 0;
        }
    }

    /// <inheritdoc/>
    bool IWaitSource.CancelWait(TaskStep waiter, string? message)
    {
        if (Cancel(message))
        {
            return true;
        }

        RemoveWaiter(waiter); // it goes on by itself; mostly it has been posted already
        return false;
    }

    /// <summary>Has a step or a callback posted when this is done.</summary>
    internal void AddWaiter(LoopWork waiter)
    {
        if (IsDone)
        {
            Scheduler.Post(waiter);
        }
        else
        {
            Add(waiter);
        }
    }

    /// <summary>As <see cref="AddDoneCallback"/>; gives what it can be dropped by.</summary>
    internal DoneCallback Register(Action<Future> callback, LoopContext? context = null)
    {
        var registration = new DoneCallback(this, callback, context);
        AddWaiter(registration);
        return registration;
    }

    /// <summary>Takes a callback back, however many wait; one that is posted still runs.</summary>
    internal void Drop(DoneCallback registration)
    {
        if (ReferenceEquals(_waiters, registration))
        {
            _waiters = null;
        }
        else
        {
            (_waiters as WaiterList)?.Drop(registration);
        }
    }

    /// <summary>
    /// Takes an observer back, which is over. It stood for those that fetch an error: one that
    /// comes later still counts as fetched.
    /// </summary>
    internal void Drop(IDoneObserver observer)
    {
        Debug.Assert(observer.IsOver, "a list may keep it for a while and must not tell it");
        _isErrorIgnored = true;
        if (ReferenceEquals(_waiters, observer))
        {
            _waiters = null;
        }
        else
        {
            (_waiters as WaiterList)?.Drop(observer);
        }
    }

    /// <summary>
    /// Tells an observer once this is done, which it must not be yet; false if it is told already.
    /// </summary>
    internal bool TryAddObserver(IDoneObserver observer)
    {
        Debug.Assert(!IsDone, "what is done is not observed");

        // An observer comes to all its futures at one go, so no other has come since.
        object? last = _waiters is WaiterList { Count: > 0 } many ? many[^1] : _waiters;
        if (ReferenceEquals(last, observer))
        {
            return false;
        }

        Add(observer);
        return true;
    }

    /// <summary>
    /// The first waiter that fits; null if there is none. Its cost grows with the waiters.
    /// </summary>
    internal TWaiter? FindWaiter<TWaiter>(Func<TWaiter, bool>? fits = null)
        where TWaiter : class => _waiters is WaiterList many
            ? many.OfType<TWaiter>().FirstOrDefault(fits ?? (static _ => true))
            : _waiters is TWaiter only && fits?.Invoke(only) != false ? only : null;

    private void Add(object waiter)
    {
        CheckThread();
        switch (_waiters)
        {
            case null:
                _waiters = waiter;
                break;
            case WaiterList many:
                many.Add(waiter);
                break;
            default:
                _waiters = new WaiterList { _waiters, waiter };
                break;
        }
    }

    private void RemoveWaiter(LoopWork waiter)
    {
        if (ReferenceEquals(_waiters, waiter))
        {
            _waiters = null;
        }
        else
        {
            (_waiters as WaiterList)?.Remove(waiter);
        }
    }

    /// <summary>Has the continuation of a plain async method run when this is done.</summary>
    internal void AddContinuation(Action continuation) =>
        AddWaiter(new ContinuationHandle(Scheduler, continuation));

    private void TellWaiters()
    {
        object? waiters = _waiters;
        _waiters = null;
        switch (waiters)
        {
            case null:
                break;
            case WaiterList many:
                foreach (object waiter in many)
                {
                    if (!WaiterList.IsDropped(waiter))
                    {
                        Tell(waiter);
                    }
                }

                break;
            default:
                Tell(waiters);
                break;
        }
    }

    private void Tell(object waiter)
    {
        if (waiter is LoopWork work)
        {
            Scheduler.Post(work);
        }
        else
        {
            ((IDoneObserver)waiter).OnDone(this);
        }
    }

    private string DescribeWaiters() => _waiters switch
    {
        null => "",
        WaiterList many => many.Live.Any() ? $" cb=[{string.Join(", ", many.Live)}]" : "",
        _ => $" cb=[{_waiters}]",
    };
}
