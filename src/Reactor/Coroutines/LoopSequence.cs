namespace Reactor;

/// <summary>
/// What <c>OnLoop</c> makes of a foreign sequence: the same items, with steps that can be
/// cancelled. The foreign step itself cannot be ended from here. So an abandoned one runs on: the
/// token that the source was given is cancelled, and the source is disposed when the step has
/// ended, because no source may be disposed of before.
/// </summary>
/// <remarks>
/// Loop thread only. Each <c>await foreach</c> begins anew, as the source does. The item of an
/// abandoned step is lost.
/// </remarks>
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
            if (_abandoned is { IsCompleted: false })
            {
                throw new InvalidOperationException(
                    "The step before was cancelled and still runs: enumerate anew.");
            }

            ValueTask<bool> step = _source.MoveNextAsync();
            if (step.IsCompleted)
            {
                return await step; // which does not suspend
            }

            Task<bool> running = step.AsTask();
            try
            {
                return await running.OnLoop();
            }
            catch (LoopCanceledException) when (!running.IsCompleted)
            {
                _abandoned = running;
                TokenCancellation.Post(_scheduler, _abandon);
                throw;
            }
        }

        /// <summary>
        /// Disposes of the source; if a step was abandoned and still runs, later, when it has
        /// ended.
        /// </summary>
        public async Coroutine DisposeAsync()
        {
            if (_abandoned is { IsCompleted: false } running)
            {
                DisposeAfter(running);
                return;
            }

            _ = _abandoned?.Exception; // the step was given up: its exception counts as seen
            try
            {
                await _source.DisposeAsync().OnLoop();
            }
            finally
            {
                _abandon.Dispose(); // else a token that lives longer keeps it
            }
        }

        // Back to the loop, because the step may end on any thread, and sources expect the one that
        // they were begun on. Where the loop has closed, any thread is better than none.
        private void DisposeAfter(Task<bool> running) => running.ContinueWith(
            static (_, self) =>
            {
                var enumerator = (Enumerator)self!;
                enumerator._scheduler.PostThreadSafe(new Disposal(enumerator));
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        private async Task DisposeNow(Task<bool> ended)
        {
            _ = ended.Exception; // nothing waits for it: it counts as seen
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

        /// <summary>Disposes of an abandoned source on the loop.</summary>
        private sealed class Disposal(Enumerator enumerator) : LoopWork
        {
            /// <inheritdoc/>
            public override void Run() => _ = enumerator.DisposeNow(enumerator._abandoned!);

            /// <inheritdoc/>
            internal override void OnLoopClosed() => Run();
        }
    }
#pragma warning restore CA1034
}
