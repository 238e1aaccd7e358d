using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements E23, E24 and C18: who makes tasks, and of what.</summary>
public sealed class E_TaskFactoryTests : LoopFixture
{
    [Test]
    public void E23_the_factory_can_be_set_got_and_reset_with_null()
    {
        var factory = new NamingFactory();
        Assert.That(Loop.TaskFactory, Is.Null);
        Loop.TaskFactory = factory;
        Assert.That(Loop.TaskFactory, Is.SameAs(factory));

        LoopTask<int> task = Loop.CreateTask(Sleep(1), name: "given");
        Assert.That(task.Name, Is.EqualTo("made-given"));
        LoopTask plain = Loop.CreateTask(Nothing());
        Assert.That(plain.Name, Is.EqualTo("made-"));
        Assert.That(Loop.RunUntilComplete(task), Is.EqualTo(1));

        Loop.TaskFactory = null;
        Assert.That(Loop.CreateTask(Nothing(), name: "own").Name, Is.EqualTo("own"));
        RunTurns(2);
    }

    [Test]
    public void E23_combinators_and_groups_use_it_too()
    {
        Loop.TaskFactory = new NamingFactory();
        Run(async () =>
        {
            await EventLoop.WhenAll([Named(), Named()]);
            await TaskGroup.Run(async group => { _ = group.Spawn(Named(), name: "child"); });
        });

        Assert.That(Story, Is.EqualTo("made- made- made-child"));

        async Coroutine<int> Named()
        {
            Tell(LoopTask.Current!.Name);
            return 1;
        }
    }

    [Test]
    public void E23_the_factory_gets_name_and_context()
    {
        var context = LoopContext.Capture();
        Loop.TaskFactory = new NamingFactory();
        LoopTask<int> task = Loop.CreateTask(Sleep(1), "n", context);

        Assert.That(task.Context, Is.SameAs(context));
        Loop.RunUntilComplete(task);
    }

    [Test]
    public void E23_a_factory_that_makes_nothing_is_an_error()
    {
        Loop.TaskFactory = new NullFactory();
        Assert.That(() => Loop.CreateTask(Nothing()), Throws.InvalidOperationException);
    }

    [Test]
    public void E24_ensure_returns_futures_and_tasks_as_they_are()
    {
        Run(async () =>
        {
            Promise<int> future = new();
            LoopTask<int> task = EventLoop.Spawn(Sleep(1));
            Assert.That(EventLoop.Ensure(future), Is.SameAs(future));
            Assert.That(EventLoop.Ensure(task), Is.SameAs(task));
            await task;
        });
    }

    [Test]
    public void E24_ensure_wraps_coroutines_and_other_awaitables()
    {
        Run(async () =>
        {
            LoopTask<int> task = EventLoop.Ensure(Sleep(1));
            Assert.That(await task, Is.EqualTo(1));
            LoopTask plain = EventLoop.Ensure(Nothing());
            await plain;
            Assert.That(await EventLoop.Ensure(Task.FromResult(7)), Is.EqualTo(7));
            Assert.That(await EventLoop.Ensure(ValueTask.FromResult(8)), Is.EqualTo(8));
            await EventLoop.Ensure(Task.CompletedTask);
            await EventLoop.Ensure(ValueTask.CompletedTask);
        });
    }

    [Test]
    public void E24_ensure_rejects_a_future_of_a_foreign_loop()
    {
        using EventLoop other = NewLoop();
        Promise<int> theirs = other.CreateFuture<int>();
        Run(async () =>
        {
            Assert.That(() => EventLoop.Ensure(theirs), Throws.ArgumentException);
            await Nothing();
        });
        Assert.That(
            () => EventLoop.Ensure(theirs), Throws.InvalidOperationException, "no loop runs");
    }

    [Test]
    public void C18_a_throwing_factory_reaches_the_caller_of_create_task()
    {
        Loop.TaskFactory = new ThrowingFactory();
        Assert.That(() => Loop.CreateTask(Nothing()), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void C18_and_from_another_thread_both_the_caller_and_the_exception_handler()
    {
        Loop.TaskFactory = new ThrowingFactory();
        Task<int> outcome = Loop.Submit(() => Sleep(1));
        RunTurns(1);

        Assert.That(() => outcome.GetAwaiter().GetResult(), Throws.TypeOf<FormatException>());
        Assert.That(TakeReport().Exception, Is.TypeOf<FormatException>());
    }

    [Test]
    public void C18_without_one_the_submitted_coroutine_gives_its_outcome()
    {
        Task<int> outcome = Loop.Submit(() => Sleep(1));
        Task none = Loop.Submit(Fail);
        using var source = new CancellationTokenSource();
        Task<int> doomed = Loop.Submit(() => Sleep(60), source.Token);
        RunTurns(1);
        source.Cancel();
        Run(async () => { await EventLoop.Delay(S(2)); });

        Assert.That(outcome.GetAwaiter().GetResult(), Is.EqualTo(1));
        Assert.That(() => none.GetAwaiter().GetResult(), Throws.TypeOf<FormatException>());
        Assert.That(doomed.IsCanceled, Is.True);
        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    private static async Coroutine Nothing()
    {
    }

    private static async Coroutine Fail() => throw new FormatException();

    private static async Coroutine<int> Sleep(int seconds) =>
        await Later(S(seconds), seconds);

    private sealed class NamingFactory : ITaskFactory
    {
        public LoopTask<T> Create<T>(TaskRequest<T> request) =>
            (request with { Name = $"made-{request.Name}" }).Start();
    }

    private sealed class ThrowingFactory : ITaskFactory
    {
        public LoopTask<T> Create<T>(TaskRequest<T> request) => throw new FormatException();
    }

    private sealed class NullFactory : ITaskFactory
    {
        public LoopTask<T> Create<T>(TaskRequest<T> request) => null!;
    }
}
