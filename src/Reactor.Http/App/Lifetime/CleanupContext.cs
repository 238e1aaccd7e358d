namespace Reactor.Http;

/// <summary>
/// A cleanup context that was entered (aiohttp: <c>cleanup_ctx</c>): an async iterator that stands
/// at its one yield, between its start and its end.
/// </summary>
/// <remarks>
/// Loop thread only; exited once. An await in an iterator cannot be interrupted, so each step is a
/// task of its own: if the wait for it is cancelled, the step goes on by itself. (<c>OnLoop</c>
/// does that by another thread, which takes real time.)
/// </remarks>
internal sealed class CleanupContext
{
    private readonly IAsyncEnumerator<Unit> _steps;
    private readonly string _name;
    private bool _isLeft;
    private bool _hasYielded;

    private CleanupContext(Func<Application, IAsyncEnumerable<Unit>> context, Application owner)
    {
        _steps = context(owner).GetAsyncEnumerator(CancellationToken.None);
        _name = context.Method.Name;
    }

    /// <exception cref="InvalidOperationException">The iterator did not yield.</exception>
    public static async Coroutine<CleanupContext> EnterAsync(
        Func<Application, IAsyncEnumerable<Unit>> function, Application application)
    {
        var context = new CleanupContext(function, application);
        bool hasYielded;
        try
        {
            hasYielded = await context.MoveNextAsync();
        }
        catch (LoopCanceledException)
        {
            context._isLeft = true;
            if (context._hasYielded) // in the turn of the cancellation: the step saw nothing of it
            {
                await context.ExitAsync();
            }

            throw;
        }

        return hasYielded ? context : throw new InvalidOperationException(
            $"The cleanup context {context._name} ended without a yield: it yields once, between "
            + "what it does at the start and what it does at the end.");
    }

    /// <summary>
    /// Runs the iterator to its end. A failure is reported; a cancellation is not, because then the
    /// time for the end is over.
    /// </summary>
    public async Coroutine ExitAsync()
    {
        try
        {
            if (await MoveNextAsync())
            {
                await _steps.DisposeAsync();
                throw new InvalidOperationException(
                    $"The cleanup context {_name} yielded twice: what is after its first yield "
                    + "runs at the end.");
            }
        }
        catch (LoopCanceledException)
        {
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            EventLoop.Current.Report(new LoopErrorContext
            {
                Message = $"Exception at the end of the cleanup context {_name}: catch it there.",
                Exception = error,
            });
        }
    }

    private async Coroutine<bool> MoveNextAsync()
    {
        LoopTask<bool> step = EventLoop.Spawn(StepAsync(), _name);
        try
        {
            await EventLoop.Wait([step]);
        }
        finally
        {
            step.Cancel(); // for its token, if the wait was cancelled
        }

        return await step;
    }

    private async Coroutine<bool> StepAsync()
    {
        bool hasYielded = await _steps.MoveNextAsync();
        _hasYielded = hasYielded;
        if (hasYielded && _isLeft)
        {
            await ExitAsync(); // the start was cancelled meanwhile
        }

        return hasYielded;
    }
}
