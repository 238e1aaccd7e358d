namespace Reactor.Http;

/// <summary>Work that an application does beside its requests.</summary>
/// <param name="Name">The name of its task.</param>
/// <param name="Owner">The application.</param>
/// <param name="Function">The work; called anew for a restart.</param>
/// <param name="OnCrash">What follows if it throws.</param>
internal sealed record BackgroundWork(
    string Name, Application Owner, Func<Application, Coroutine> Function, CrashPolicy OnCrash);

/// <summary>
/// The background tasks of an application on one loop. They begin after the start, and are
/// cancelled and awaited at the end, before the hooks and contexts whose values they use.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class BackgroundTasks(EventLoop loop)
{
    private readonly HashSet<LoopTask> _tasks = [];
    private readonly List<BackgroundWork> _waiting = [];
    private Promise<Exception>? _crashed;
    private Exception? _crash;
    private bool _isRunning;
    private bool _hasEnded;

    public EventLoop Loop => loop;

    /// <summary>Those that run.</summary>
    public IEnumerable<LoopTask> Tasks => _tasks;

    /// <summary>Completes with the exception of a task whose crash ends the server.</summary>
    public Future<Exception> WaitCrashedAsync()
    {
        _crashed ??= loop.CreateFuture<Exception>();
        if (_crash is { } crash)
        {
            _crashed.TrySetResult(crash);
        }

        return _crashed;
    }

    public void Start(IEnumerable<BackgroundWork> declared)
    {
        _isRunning = true;
        foreach (BackgroundWork work in declared.Concat(_waiting))
        {
            Begin(work);
        }

        _waiting.Clear();
    }

    /// <summary>Begins at once, or after the start.</summary>
    /// <exception cref="InvalidOperationException">The server has ended.</exception>
    public void Add(BackgroundWork work)
    {
        if (_hasEnded)
        {
            throw new InvalidOperationException(
                $"Too late for the background task '{work.Name}': the server is at its end.");
        }

        if (_isRunning)
        {
            Begin(work);
        }
        else
        {
            _waiting.Add(work);
        }
    }

    /// <summary>Cancels all, and waits for their end, but not longer than a limit.</summary>
    public async Coroutine EndAsync(TimeSpan timeout)
    {
        _hasEnded = true;
        LoopTask[] tasks = [.. _tasks];
        foreach (LoopTask task in tasks)
        {
            task.Cancel("The server has ended.");
        }

        if (tasks.Length == 0)
        {
            return;
        }

        await EventLoop.Wait(tasks, timeout: timeout);
        foreach (LoopTask task in tasks.Where(task => !task.IsDone))
        {
            loop.Report(new LoopErrorContext
            {
                Message = $"The background task '{task.Name}' has not ended {timeout} after its "
                    + "cancellation: the application ends without it.",
                Future = task,
            });
        }
    }

    private void Begin(BackgroundWork work)
    {
        LoopTask task = loop.CreateTask(RunAsync(work), work.Name);
        _tasks.Add(task);
        task.AddDoneCallback(_ => _tasks.Remove(task));
    }

    private async Coroutine RunAsync(BackgroundWork work)
    {
        TimeSpan? pause = work.OnCrash.Pause;
        while (true)
        {
            TimeSpan begun = loop.Time;
            try
            {
                await work.Function(work.Owner);
                return;
            }
            catch (OperationCanceledException) when (_hasEnded)
            {
                return; // of ours, or of a token that is cancelled with the task
            }
            catch (Exception error)
                when (error is not LoopCanceledException and not LoopAbortException)
            {
                OnCrash(work, error);
            }

            if (pause is not { } now || _hasEnded)
            {
                return;
            }

            now = loop.Time - begun > work.OnCrash.PauseMax ? work.OnCrash.Pause!.Value : now;
            pause = work.OnCrash.After(now);
            await EventLoop.Delay(now);
        }
    }

    private void OnCrash(BackgroundWork work, Exception error)
    {
        if (work.OnCrash.ShutsDown && !_hasEnded && _crash is null)
        {
            _crash = error;
            if (_crashed?.TrySetResult(error) == true)
            {
                return; // what waits for it throws it
            }
        }

        loop.Report(new LoopErrorContext
        {
            Message = $"The background task '{work.Name}' threw.",
            Exception = error,
            Future = LoopTask.Current,
        });
    }
}

/// <summary>The background tasks of an application on each loop that serves it.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class LifetimeSet
{
    private readonly List<BackgroundTasks> _running = [];
    private bool _hasBegun;

    public void Begin(BackgroundTasks tasks)
    {
        lock (_running)
        {
            _running.Add(tasks);
            _hasBegun = true;
        }
    }

    public void End(BackgroundTasks tasks)
    {
        lock (_running)
        {
            _running.Remove(tasks);
        }
    }

    /// <summary>The tasks that run on a loop. Its thread, or while it does not run.</summary>
    public IEnumerable<LoopTask> TasksOn(EventLoop loop)
    {
        lock (_running)
        {
            return [.. _running.Where(tasks => tasks.Loop == loop).SelectMany(it => it.Tasks)];
        }
    }

    /// <summary>Those of the loop on this thread; null before the first start.</summary>
    /// <param name="name">The name of the work that is to be added, for the message.</param>
    /// <exception cref="InvalidOperationException">
    /// The work would never run: no loop on this thread serves the application any more, or yet.
    /// </exception>
    public BackgroundTasks? Find(string name)
    {
        EventLoop? loop = EventLoop.TryGetCurrent();
        lock (_running)
        {
            return _running.Find(tasks => tasks.Loop == loop) ?? (!_hasBegun ? null
                : throw new InvalidOperationException(_running.Count == 0
                    ? $"Too late for the background task '{name}': the server has ended."
                    : $"The background task '{name}' must be added on the thread of a loop that "
                        + "serves the application: post the call with loop.CallSoonThreadSafe."));
        }
    }
}
