namespace Reactor;

/// <summary>
/// A foreign sequence from <c>OnLoop</c>, in steps that can be cancelled. A cancelled step is
/// abandoned and its item lost: the source's token is cancelled, and the source is disposed when
/// the step has ended.
/// </summary>
/// <remarks>Loop thread only. Each <c>await foreach</c> enumerates anew.</remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class LoopSequence<T>
{
    private readonly IAsyncEnumerable<T> _source;
    private readonly CancellationToken _cancellationToken;

    internal LoopSequence(IAsyncEnumerable<T> source, CancellationToken cancellationToken)
    {
        _source = source;
        _cancellationToken = cancellationToken;
    }

    /// <summary>For <c>await foreach</c>.</summary>
    /// <exception cref="InvalidOperationException">No event loop runs on this thread.</exception>
    public Enumerator GetAsyncEnumerator() => new(_source, _cancellationToken);

    /// <summary>One way through the sequence. Loop thread only.</summary>
#pragma warning disable CA1034 // what await foreach needs has no meaning elsewhere
    public sealed class Enumerator
    {
        private readonly CoroutineScheduler _scheduler = LoopAwaits.Scheduler;
        private readonly CancellationTokenSource _abandon;
        private readonly IAsyncEnumerator<T> _source;
        private Task<bool>? _abandoned;

        internal Enumerator(IAsyncEnumerable<T> source, CancellationToken cancellationToken)
        {
            _abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                _source = source.GetAsyncEnumerator(_abandon.Token);
            }
            catch
            {
                _abandon.Dispose(); // else a token that lives longer keeps it
                throw;
            }
        }

        /// <summary>The item of the last step.</summary>
        public T Current => _source.Current;

        /// <summary>Waits for the next item; false after the last.</summary>
        /// <exception cref="LoopCanceledException">The task was cancelled meanwhile.</exception>
        /// <exception cref="InvalidOperationException">
        /// The step before was cancelled and has not ended.
        /// </exception>
        public async Coroutine<bool> MoveNextAsync()
        {
            if (_abandoned is { } before && !_scheduler.HasEnded(before))
            {
                throw new InvalidOperationException(
                    "The step before was cancelled and still runs: enumerate anew.");
            }

            ValueTask<bool> step = _source.MoveNextAsync();
            Task<bool>? running = step.IsCompleted ? null : EndingThread.AsTask(step);
            if (_scheduler.HasEnded(running ?? Task.CompletedTask))
            {
                return running is null ? await step : await running; // which do not suspend
            }

            running ??= step.AsTask(); // in a replay of a slower step
            try
            {
                return await running.OnLoop();
            }
            catch (LoopCanceledException)
            {
                if (!_scheduler.HasEnded(running))
                {
                    _abandoned = running;
                    TokenCancellation.Post(_scheduler, _abandon);
                }

                throw;
            }
        }

        /// <summary>Disposes of the source, once an abandoned step has ended.</summary>
        public async Coroutine DisposeAsync()
        {
            if (_abandoned is { } running && !_scheduler.HasEnded(running))
            {
                // On the loop, as sources expect the thread that they began on; any thread if the
                // loop has closed.
                var disposal = new Disposal(this, _scheduler.NextJobNumber());
                EndingThread.Continue(
                    running, (_, _) => _scheduler.PostMessage(disposal), this,
                    CancellationToken.None);
                return;
            }

            _ = _abandoned?.Exception; // its exception counts as fetched
            try
            {
                await _source.DisposeAsync().OnLoop();
            }
            finally
            {
                _abandon.Dispose(); // else a token that lives longer keeps it
            }
        }

        private async Task DisposeNow(Task<bool> ended)
        {
            _ = ended.Exception; // its exception counts as fetched
            try
            {
                await _source.DisposeAsync();
            }
            catch (Exception error)
            {
                _scheduler.Report(new LoopErrorContext
                {
                    Message = $"An abandoned sequence ({_source.GetType().Name}) threw when it was "
                        + "disposed of: catch it there, nothing else can.",
                    Exception = error,
                });
            }

            _abandon.Dispose();
        }

        private sealed class Disposal(Enumerator enumerator, long number) : LoopWork
        {
            /// <inheritdoc/>
            internal override MessageKey MessageKey => new("awaited task", number);

            /// <inheritdoc/>
            public override void Run() => _ = enumerator.DisposeNow(enumerator._abandoned!);

            /// <inheritdoc/>
            internal override void OnLoopClosed() => Run();
        }
    }
#pragma warning restore CA1034
}
