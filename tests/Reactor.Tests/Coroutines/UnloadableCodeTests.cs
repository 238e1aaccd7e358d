using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Coroutines and callbacks that the runtime cannot compile when they are first called: an
/// assembly, a type or a method is missing. The exception comes out of the call itself, before the
/// compiler's state machine could catch it. It belongs to the caller; the loop goes on.
/// </summary>
public class UnloadableCodeTests : LoopFixture
{
    private const string Members = """
        public static async Coroutine Fails()
        {
            await EventLoop.Yield();
            Lib.Part.Use();
        }

        public static async Coroutine<int> FailsWithResult()
        {
            await EventLoop.Yield();
            Lib.Part.Use();
            return 1;
        }

        public static async Coroutine CallsIt() => await Fails();

        public static IEnumerator<object?> Generates()
        {
            yield return null;
            Lib.Part.Use();
        }

        public static async Task PlainAsync()
        {
            await Task.Yield();
            Lib.Part.Use();
        }

        public static Coroutine IsNoCoroutine()
        {
            Lib.Part.Use();
            return default;
        }

        public static void Plain() => Lib.Part.Use();

        public static int Number() { Lib.Part.Use(); return 1; }

        public static void Done(Future future) => Lib.Part.Use();

        public static void OnError(EventLoop loop, LoopErrorContext error) => Lib.Part.Use();

        public sealed class Factory : ITaskFactory
        {
            public LoopTask<T> Create<T>(TaskRequest<T> request)
            {
                Lib.Part.Use();
                return request.Start();
            }
        }

        public sealed class Instrument : ILoopInstrument
        {
            public void BeforeTaskStep(TaskStep step) => Lib.Part.Use();

            public override string ToString() { Lib.Part.Use(); return ""; }
        }

        public sealed class Timer : DeadlineTimer
        {
            public Timer() : base(EventLoop.Current) { }

            protected override void OnDue(TimeSpan due) => Lib.Part.Use();

            public override string ToString() { Lib.Part.Use(); return ""; }
        }
        """;

    private UnloadableCode? _code;

    [TearDown]
    public void Unload()
    {
        _code?.Dispose();
        _code = null;
    }

    [Test]
    public void A_task_whose_coroutine_cannot_be_compiled_fails_and_the_loop_goes_on(
        [Values] Missing missing)
    {
        var fails = Method<Func<Coroutine>>(missing, "Fails");
        LoopTask task = Loop.CreateTask(fails());
        LoopTask next = Loop.CreateTask(Tells("next"));

        Loop.RunUntilComplete(next);

        Assert.That(task.Exception, Is.TypeOf(UnloadableCode.ErrorOf(missing)));
        Assert.That(Story, Is.EqualTo("next"));
        Assert.That(Loop.RunningStep, Is.Null);
    }

    [Test]
    public void A_coroutine_can_catch_that_what_it_awaits_cannot_be_compiled(
        [Values] Missing missing)
    {
        var fails = Method<Func<Coroutine<int>>>(missing, "FailsWithResult");

        Run(Main);

        Assert.That(Story, Is.EqualTo($"{UnloadableCode.ErrorOf(missing).Name} goes-on"));

        async Coroutine Main()
        {
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    await fails(); // again and again: its frame is pooled
                }
                catch (Exception error)
                {
                    if (i == 0)
                    {
                        Tell(error.GetType().Name);
                    }
                }
            }

            await EventLoop.Yield();
            Tell("goes-on");
        }
    }

    [Test]
    public void The_error_passes_through_the_coroutines_between()
    {
        var calls = Method<Func<Coroutine>>(Missing.Assembly, "CallsIt");

        Exception error = Run(() => Caught(calls()));

        Assert.That(error, Is.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void An_eager_task_fails_and_its_creator_is_the_running_task_again(
        [Values] Missing missing)
    {
        var fails = Method<Func<Coroutine>>(missing, "Fails");
        var local = new AsyncLocal<string>();

        Run(Main);

        async Coroutine Main()
        {
            local.Value = "mine";
            ILoopTask? me = LoopTask.Current;
            LoopTask task = Loop.CreateTask(fails(), eager: true);
            Assert.That(LoopTask.Current, Is.SameAs(me));
            Assert.That(local.Value, Is.EqualTo("mine"));
            Assert.That(task.IsDone);
            Assert.That(
                await Caught(Await(task)), Is.TypeOf(UnloadableCode.ErrorOf(missing)));
        }
    }

    [Test]
    public void A_task_in_a_shared_context_leaves_it()
    {
        var fails = Method<Func<Coroutine>>(Missing.Assembly, "Fails");
        LoopContext context = LoopContext.Capture();
        LoopTask task = Loop.CreateTask(fails(), context: context);

        Loop.RunUntilComplete(Loop.CreateTask(Tells("next")));

        Assert.That(task.Exception, Is.Not.Null);
        Assert.That(context.IsEntered, Is.False);
    }

    [Test]
    public void A_generator_fails_as_any_coroutine([Values] Missing missing)
    {
        var generates = Method<Func<IEnumerator<object?>>>(missing, "Generates");

        Exception error = Run(() => Caught(generates().AsCoroutine<object?>()));

        Assert.That(error, Is.TypeOf(UnloadableCode.ErrorOf(missing)));
    }

    [Test]
    public void A_plain_async_method_fails_where_it_is_called()
    {
        var plain = Method<Func<Task>>(Missing.Assembly, "PlainAsync");

        Exception error = Run(() => Caught(AwaitPlain(plain)));

        Assert.That(error, Is.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_method_that_should_return_a_coroutine_fails_where_it_is_called()
    {
        var call = Method<Func<Coroutine>>(Missing.Assembly, "IsNoCoroutine");

        Exception error = Run(() => Caught(AwaitCall(call)));

        Assert.That(error, Is.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_coroutine_that_was_submitted_gives_its_error_to_the_submitter()
    {
        var fails = Method<Func<Coroutine>>(Missing.Assembly, "Fails");
        Task outcome = Loop.Submit(fails);

        RunTurns(4);

        Assert.That(
            outcome.Exception?.InnerException, Is.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_callback_is_reported_and_the_loop_goes_on([Values] Missing missing)
    {
        Loop.CallSoon(Method<Action>(missing, "Plain"));
        Loop.CallSoon(() => Tell("next"));

        RunTurns(1);

        AssertReported(missing);
        Assert.That(Story, Is.EqualTo("next"));
    }

    [Test]
    public void A_done_callback_is_reported_and_the_others_are_called()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        future.AddDoneCallback(Method<Action<Future>>(Missing.Assembly, "Done"));
        future.AddDoneCallback(_ => Tell("next"));
        future.SetResult(1);

        RunTurns(2);

        AssertReported(Missing.Assembly);
        Assert.That(Story, Is.EqualTo("next"));
    }

    [Test]
    public void A_task_factory_gives_its_error_to_the_caller_of_CreateTask()
    {
        _code = new UnloadableCode(Missing.Assembly, Members);
        Loop.TaskFactory = _code.Make<ITaskFactory>("Factory");
        Coroutine call = Tells("never");

        Assert.That(() => Loop.CreateTask(call), Throws.TypeOf<FileNotFoundException>());

        Loop.TaskFactory = null;
    }

    [Test]
    public void A_coroutine_that_was_submitted_to_a_task_factory_that_fails_ends_with_its_error()
    {
        _code = new UnloadableCode(Missing.Assembly, Members);
        Loop.TaskFactory = _code.Make<ITaskFactory>("Factory");
        Task outcome = Loop.Submit(() => Tells("never"));

        RunTurns(2);

        AssertReported(Missing.Assembly);
        Assert.That(
            outcome.Exception?.InnerException, Is.TypeOf<FileNotFoundException>());
        Loop.TaskFactory = null;
    }

    [Test]
    public void An_exception_handler_that_cannot_be_compiled_does_not_end_the_loop()
    {
        var log = new ListLoggerFactory();
        _code = new UnloadableCode(Missing.Assembly, Members);
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = new ManualDriver(),
            LoggerFactory = log,
        });
        loop.ExceptionHandler =
            _code.Method<Action<EventLoop, LoopErrorContext>>("OnError");
        loop.CallSoon(() => throw new InvalidOperationException("first"));
        loop.CallSoon(() => Tell("next"));

        loop.RunBriefly();
        LogQueue.Flush(S(10));

        Assert.That(Story, Is.EqualTo("next"));
        Assert.That(log.ExceptionTypes, Is.EqualTo(new[] { typeof(FileNotFoundException) }));
    }

    [Test]
    public void An_instrument_is_removed_and_reported_even_if_it_has_no_name()
    {
        _code = new UnloadableCode(Missing.Assembly, Members);
        Loop.AddInstrument(_code.Make<ILoopInstrument>("Instrument"));

        Run(() => Tells("next"));

        AssertReported(Missing.Assembly);
        Assert.That(Story, Is.EqualTo("next"));
    }

    [Test]
    public void A_timer_is_reported_even_if_it_has_no_name()
    {
        _code = new UnloadableCode(Missing.Assembly, Members);
        Run(Main);

        AssertReported(Missing.Assembly);
        Assert.That(Story, Is.EqualTo("next"));

        async Coroutine Main()
        {
            DeadlineTimer timer = _code!.Make<DeadlineTimer>("Timer");
            timer.Set(Loop.Time);
            await EventLoop.Yield();
            await EventLoop.Yield();
            Tell("next");
        }
    }

    [Test]
    public void A_function_for_an_executor_gives_its_error_to_the_future()
    {
        var number = Method<Func<int>>(Missing.Assembly, "Number");
        using var loop = new EventLoop();

        Exception error = loop.RunUntilComplete(Caught(Await(loop, number)));

        Assert.That(error, Is.TypeOf<FileNotFoundException>());

        static async Coroutine Await(EventLoop loop, Func<int> number) =>
            await loop.RunInExecutor(number);
    }

    private T Method<T>(Missing missing, string name)
        where T : Delegate
    {
        _code = new UnloadableCode(missing, Members);
        return _code.Method<T>(name);
    }

    private void AssertReported(Missing missing) => Assert.That(
        TakeReport().Exception, Is.TypeOf(UnloadableCode.ErrorOf(missing)));

    private async Coroutine Tells(string what)
    {
        await EventLoop.Yield();
        Tell(what);
    }

    private static async Coroutine Await(LoopTask task) => await task;

    private static async Coroutine AwaitPlain(Func<Task> method) => await method();

    private static async Coroutine AwaitCall(Func<Coroutine> method) => await method();
}
