using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements J01 to J06, but for J05: which values of the context code sees.</summary>
public sealed class J_ContextTests : LoopFixture
{
    private readonly AsyncLocal<string?> _value = new();

    [SetUp]
    public void ClearValue() => _value.Value = null;

    [Test]
    public void J01_a_task_runs_in_a_copy_of_its_creators_context()
    {
        Run(async () =>
        {
            _value.Value = "before";
            LoopTask child = EventLoop.Spawn(Child());
            _value.Value = "after";
            await EventLoop.Yield();
            Tell($"creator:{_value.Value}");
            await child;
            Tell($"creator:{_value.Value}");
        });

        Assert.That(Story, Is.EqualTo("child:before creator:after child:own creator:after"));

        async Coroutine Child()
        {
            Tell($"child:{_value.Value}");
            _value.Value = "own";
            await EventLoop.Yield();
            Tell($"child:{_value.Value}");
        }
    }

    [Test]
    public void J01_the_copy_is_made_when_the_task_is_created_not_when_it_starts()
    {
        _value.Value = "created";
        LoopTask task = Loop.CreateTask(Show());
        _value.Value = "started";

        Loop.RunUntilComplete(task);

        Assert.That(Story, Is.EqualTo("created"));
        Assert.That(_value.Value, Is.EqualTo("started"), "the run leaves the thread as it was");

        async Coroutine Show()
        {
            Tell(_value.Value!);
            _value.Value = "inside";
            await EventLoop.Yield();
        }
    }

    [Test]
    public void J02_writes_persist_from_step_to_step_whatever_runs_in_between()
    {
        Run(async () =>
        {
            LoopTask a = EventLoop.Spawn(Write("a"));
            LoopTask b = EventLoop.Spawn(Write("b"));
            await EventLoop.Wait([a, b]);
        });

        Assert.That(Story, Is.EqualTo("a0 b0 a01 b01 a012 b012"));

        async Coroutine Write(string name)
        {
            _value.Value = name;
            for (int i = 0; i < 3; i++)
            {
                _value.Value += i;
                Tell(_value.Value);
                await EventLoop.Yield();
            }
        }
    }

    [Test]
    public void J02_writes_persist_over_sleeps_futures_children_and_foreign_awaits()
    {
        Run(async () =>
        {
            _value.Value = "kept";
            await EventLoop.Delay(S(1));
            Tell(_value.Value);
            var future = new Promise<int>();
            Loop.CallSoon(future.SetResult, 1);
            await future;
            Tell(_value.Value);
            await Child();
            Tell(_value.Value);
            await Task.Yield();
            Tell(_value.Value);
        });

        Assert.That(Story, Is.EqualTo("kept kept kept kept"));

        static async Coroutine Child() => await EventLoop.Yield();
    }

    [Test]
    public void J02_done_callbacks_do_not_leak_into_the_task()
    {
        Run(async () =>
        {
            var future = new Promise<int>();
            _value.Value = "task";
            future.AddDoneCallback(_ => _value.Value = "callback");
            Loop.CallSoon(future.SetResult, 1);
            await future;
            await EventLoop.Yield();
            Tell(_value.Value);
        });

        Assert.That(Story, Is.EqualTo("task"));
    }

    [Test]
    public void J03_tasks_given_one_context_see_each_others_writes()
    {
        LoopContext shared = LoopContext.Capture();
        Run(async () =>
        {
            LoopTask a = Loop.CreateTask(Write("a"), context: shared);
            LoopTask b = Loop.CreateTask(Write("b"), context: shared);
            Assert.That(a.Context, Is.SameAs(shared));
            await EventLoop.Wait([a, b]);
            Tell($"outside:{_value.Value}");
        });
        shared.Run(() => Tell($"inside:{_value.Value}"));

        Assert.That(Story, Is.EqualTo("a:+a b:+a+b a:+a+b b:+a+b outside: inside:+a+b"));

        async Coroutine Write(string name)
        {
            _value.Value += $"+{name}";
            Tell($"{name}:{_value.Value}");
            await EventLoop.Yield();
            Tell($"{name}:{_value.Value}");
        }
    }

    [Test]
    public void J04_an_awaited_coroutine_shares_the_awaiters_context()
    {
        // Not as in .NET, where what an async callee writes does not flow out.
        Run(async () =>
        {
            _value.Value = "caller";
            await WriteIn();
            Tell(_value.Value);
            await WriteLater();
            Tell(_value.Value);
        });

        Assert.That(Story, Is.EqualTo("sees:caller callee later"));

        async Coroutine WriteIn()
        {
            Tell($"sees:{_value.Value}");
            _value.Value = "callee";
        }

        async Coroutine WriteLater()
        {
            await EventLoop.Yield();
            _value.Value = "later";
        }
    }

    [Test]
    public void J06_call_soon_later_and_callbacks_capture_the_context_at_registration()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        _value.Value = "registered";
        Loop.CallSoon(() => Tell($"soon:{_value.Value}"));
        Loop.CallSoonThreadSafe(() => Tell($"safe:{_value.Value}"));
        Loop.CallLater(S(1), () => Tell($"later:{_value.Value}"));
        Loop.CallAt(S(2), () => Tell($"at:{_value.Value}"));
        future.AddDoneCallback(_ => Tell($"done:{_value.Value}"));
        Loop.CallLater(S(3), future.SetResult, 1);
        Loop.CallLater(S(4), Loop.Stop);
        _value.Value = "changed";

        Loop.RunForever();

        Assert.That(Story, Is.EqualTo(
            "soon:registered safe:registered later:registered at:registered done:registered"));
    }

    [Test]
    public void J06_what_a_callback_writes_is_not_seen_by_others()
    {
        Loop.CallSoon(() => _value.Value = "leak");
        Loop.CallSoon(() => Tell($"next:{_value.Value}"));

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("next:"));
        Assert.That(_value.Value, Is.Null);
    }

    [Test]
    public void J06_a_context_that_is_given_is_used_and_keeps_what_is_written()
    {
        _value.Value = "given";
        LoopContext context = LoopContext.Capture();
        _value.Value = "present";
        Promise<int> future = Loop.CreateFuture<int>();
        Loop.CallSoon(() => Append("soon"), context);
        Loop.CallLater(S(1), () => Append("later"), context);
        future.AddDoneCallback(_ => Append("done"), context);
        Loop.CallLater(S(2), future.SetResult, 1);
        Loop.CallLater(S(3), Loop.Stop);

        Loop.RunForever();

        context.Run(() => Tell(_value.Value!));
        Assert.That(Story, Is.EqualTo("given+soon+later+done"));

        void Append(string what) => _value.Value += $"+{what}";
    }
}
