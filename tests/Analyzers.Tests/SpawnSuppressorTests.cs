namespace Analyzers.Tests;

/// <summary>
/// The compiler's CS4014 in async methods: right for a plain task, wrong for a spawned one.
/// </summary>
[TestFixture]
public sealed class SpawnSuppressorTests
{
    [TestCase("EventLoop.Spawn(Foo());")]
    [TestCase("EventLoop.Spawn(Number());")]
    [TestCase("EventLoop.Spawn(async () => await Foo());")]
    [TestCase("group.Spawn(Foo());")]
    [TestCase("group?.Spawn(Foo());")]
    [TestCase("group.Spawn(async () => await Number());")]
    public void A_spawned_task_need_not_be_awaited(string statement) =>
        Assert.That(Snippet.InCoroutine(statement), Is.Empty);

    [TestCase("PlainAsync();")]
    [TestCase("loop.CreateTask(Foo()).WaitAsync(null);")]
    [TestCase("EventLoop.ToThread(() => 1);")]
    public void Everything_else_that_is_not_awaited_is_still_found(string statement) =>
        Assert.That(Snippet.InCoroutine(statement), Does.Contain("CS4014"));
}
