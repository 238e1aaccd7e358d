namespace Analyzers.Tests;

/// <summary>REACTOR002 and REACTOR003: async code that what it is given to would lose.</summary>
[TestFixture]
public sealed class ExecutorWorkTests
{
    [TestCase("EventLoop.ToThread(Foo);")]
    [TestCase("EventLoop.ToThread(() => Number());")]
    [TestCase("EventLoop.ToThread(async Coroutine () => await EventLoop.Yield());")]
    [TestCase("EventLoop.ToThread(n => Number(), 1);")]
    [TestCase("loop.RunInExecutor(Foo);")]
    [TestCase("loop.RunInExecutor(Number, pool);")]
    [TestCase("loop.RunInExecutor(async Coroutine<int> () => await Number(), pool);")]
    [TestCase("loop.RunInExecutor<Coroutine>(Foo, pool);")]
    [TestCase("loop.Submit<Coroutine>(function: Foo);")]
    [TestCase("EventLoop.ToThread(async () => { await Task.Yield(); return Foo(); });")]
    [TestCase("loop.RunInExecutor(async () => { await Task.Yield(); return Number(); }, pool);")]
    [TestCase("EventLoop.ToThread(async ValueTask<Coroutine> () => Foo());")]
    [TestCase("Task.Run(async () => { await Task.Yield(); return Foo(); });")]
    [TestCase("Task.Run(Foo);")]
    [TestCase("Task.Run(() => Number());")]
    [TestCase("Task.Factory.StartNew(() => Foo());")]
    public void A_coroutine_given_to_an_executor_is_an_error(string statement) =>
        Assert.That(Snippet.InSyncMethod(statement), Is.EqualTo(new[] { "REACTOR002" }));

    [TestCase("pool.Submit(async () => await Task.Yield());")]
    [TestCase("loop.CallSoon(async () => throw new FormatException());")]
    [TestCase("new Future<int>(loop).AddDoneCallback(async done => await Task.Yield());")]
    [TestCase("loop.ExceptionHandler = async (_, _) => await Task.Yield();")]
    public void An_async_lambda_for_a_callback_is_an_error(string statement) =>
        Assert.That(Snippet.InSyncMethod(statement), Does.Contain("REACTOR003"));

    [TestCase("EventLoop.ToThread(() => 1);")]
    [TestCase("EventLoop.ToThread(() => { });")]
    [TestCase("EventLoop.ToThread(async () => await Task.Yield());")]
    [TestCase("EventLoop.ToThread(async () => { await Task.Yield(); return 1; });")]
    [TestCase("EventLoop.ToThread(PlainAsync);")]
    [TestCase("EventLoop.ToThread(async ValueTask () => await Task.Yield());")]
    [TestCase("Future<int> number = EventLoop.ToThread(async ValueTask<int> () => 1);")]
    [TestCase("Future<int> number = EventLoop.ToThread(() => new ValueTask<int>(1));")]
    [TestCase("Future<int> number = EventLoop.ToThread(n => new ValueTask<int>(n), 1);")]
    [TestCase("Future<Unit> done = EventLoop.ToThread(() => default(ValueTask));")]
    [TestCase("Future<Unit> done = EventLoop.ToThread(async n => await Task.Delay(n), 1);")]
    [TestCase("Future<int> number = EventLoop.ToThread(n => n, 1);")]
    [TestCase("Future<int> number = loop.RunInExecutor(() => new ValueTask<int>(1), pool);")]
    [TestCase("Task<int> number = loop.Submit(() => new ValueTask<int>(1));")]
    [TestCase("Task<int> number = loop.Submit(async ValueTask<int> () => 1);")]
    [TestCase("Task done = loop.Submit(() => default(ValueTask));")]
    [TestCase("Task<int> number = loop.Submit(() => 1);")]
    [TestCase("loop.RunInExecutor(async () => await PlainNumber(), pool);")]
    [TestCase("loop.RunInExecutor(PlainNumber, pool);")]
    [TestCase("loop.RunInExecutor(() => throw new FormatException());")]
    [TestCase("Future<int> number = loop.RunInExecutor(PlainNumber);")]
    [TestCase("Future<int> number = EventLoop.ToThread(async () => await PlainNumber());")]
    [TestCase("Task<int> number = loop.Submit(PlainNumber);")]
    [TestCase("Task<int> number = loop.Submit(async Task<int> () => await PlainNumber());")]
    [TestCase("Task done = loop.Submit(PlainAsync);")]
    [TestCase("Task<int> number = loop.Submit(Number);")]
    [TestCase("Task<int> number = loop.Submit(async () => await Number());")]
    [TestCase("Task.Run(PlainAsync);")]
    [TestCase("Task.Run(() => 1);")]
    [TestCase("pool.Submit(() => { });")]
    [TestCase("loop.CallSoon(() => throw new FormatException());")]
    public void What_an_executor_awaits_or_simply_calls_is_none(string statement) =>
        Assert.That(Snippet.InSyncMethod(statement), Is.Empty);
}
