using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A channel, a task and a token that live as long as the process, and <c>OnLoop</c> waits for them
/// that end early: nothing of them may remain.
/// </summary>
[NonParallelizable]
[Category("Slow")]
[Category("Measured")]
public sealed class LongLivedForeignWaitTests : RemainsFixture
{
    private TaskCompletionSource<int> _task = null!;
    private CancellationTokenSource _token = null!;
    private Channel<int> _channel = null!;

    /// <summary>What ends the loop over a sequence.</summary>
    public enum Leave
    {
        Cancel,
        Timeout,
        Break,
    }

    [SetUp]
    public void MakeSources()
    {
        _task = new TaskCompletionSource<int>();
        _token = new CancellationTokenSource();
        _channel = Channel.CreateUnbounded<int>();
    }

    [TearDown]
    public void EndSources() => _token.Dispose();

    [Test]
    public void Nothing_remains_of_a_value_task_of_a_task() =>
        AssertNothingRemains(() =>
        {
            new ValueTask<int>(_task.Task).OnLoop().Cancel();
            new ValueTask(_task.Task).OnLoop().Cancel();
        });

    [Test]
    public void Nothing_remains_of_a_value_task_of_a_channel_that_is_given_its_cancellation() =>
        AssertNothingRemains(async () =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_token.Token);
            Task<int> read = _channel.Reader.ReadAsync(end.Token).AsTask();
            new ValueTask<int>(read).OnLoop(end).Cancel();
            await EventLoop.Wait([read.OnLoop()]);
        });

    [Test]
    public void Nothing_remains_of_a_sequence_that_was_left([Values] Leave way) =>
        AssertNothingRemains(async () =>
        {
            var left = new Promise<Unit>();
            if (way == Leave.Break)
            {
                Assert.That(_channel.Writer.TryWrite(1));
            }

            LoopTask reader = EventLoop.Spawn(way == Leave.Timeout
                ? TimeoutScope.Run(S(1), _ => TakeOne(left))
                : TakeOne(left));
            await EventLoop.Yield();
            await EventLoop.Yield();
            if (way == Leave.Cancel)
            {
                reader.Cancel();
            }

            await EventLoop.Wait([reader]);
            reader.Cancel(); // it is done: this counts as fetching its exception
            await left;
            Assert.That(_channel.Reader.Count, Is.Zero);
        });

    [Test]
    public void Nothing_remains_of_a_sequence_that_cannot_be_begun()
    {
        var broken = new BrokenSequence();
        AssertNothingRemains(() =>
        {
            try
            {
                _ = broken.OnLoop(_token.Token).GetAsyncEnumerator();
            }
            catch (FormatException)
            {
                // The source has nothing of the round all the same.
            }
        });
    }

    private async Coroutine TakeOne(Promise<Unit> left)
    {
        await foreach (int _ in Items(left).OnLoop(_token.Token))
        {
            break;
        }
    }

    // It runs on the loop, also the end of a step that was abandoned.
    private async IAsyncEnumerable<int> Items(
        Promise<Unit> left, [EnumeratorCancellation] CancellationToken token = default)
    {
        try
        {
            await foreach (int item in _channel.Reader.ReadAllAsync(token))
            {
                yield return item;
            }
        }
        finally
        {
            left.SetResult(default);
        }
    }

    private sealed class BrokenSequence : IAsyncEnumerable<int>
    {
        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken) =>
            throw new FormatException();
    }
}
