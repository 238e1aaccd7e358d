using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements I01 to I04: who hears of an error that nobody can catch, what it is told, and in
/// which context.
/// </summary>
public sealed class I_ExceptionHandlerTests : LoopFixture
{
    private static readonly AsyncLocal<string?> s_value = new();

    [Test]
    public void I01_without_a_handler_the_message_is_logged_with_the_exception()
    {
        var error = new FormatException("bad");
        using var log = new ListLoggerFactory();
        using EventLoop loop = NewLogged(log);
        loop.CallSoon(() => throw error);
        int line = LineOf() - 1;
        loop.RunBriefly();
        LogQueue.Flush(TimeSpan.FromSeconds(5));

        Assert.That(log.Messages.Single(), Does.StartWith("Exception in callback ")
            .And.Contain($"created at I_ExceptionHandlerTests.cs:{line}"));
        Assert.That(log.Exceptions, Is.EqualTo(new[] { error }));
    }

    [Test]
    public void I02_a_handler_gets_the_loop_and_what_failed()
    {
        EventLoop? told = null;
        LoopErrorContext? context = null;
        Loop.ExceptionHandler = (loop, error) => (told, context) = (loop, error);
        LoopHandle handle = Loop.CallSoon(() => throw new FormatException());
        int line = LineOf() - 1;
        RunTurns(1);

        Assert.That(told, Is.SameAs(Loop));
        Assert.That(context!.Handle, Is.SameAs(handle));
        Assert.That(context.Exception, Is.TypeOf<FormatException>());
        Assert.That(context.CreatedAt, Is.EqualTo($"I_ExceptionHandlerTests.cs:{line}"));
    }

    [Test]
    public void I02_of_a_task_it_gets_the_task_and_in_debug_mode_its_place()
    {
        Loop.Debug = true;
        LoopTask task = Loop.CreateTask(Fail());
        int line = LineOf() - 1;
        RunTurns(2);

        LoopErrorContext report = CloseAndTakeReports().Single();

        Assert.That(report.Future, Is.SameAs(task));
        Assert.That(report.CreatedAt, Is.EqualTo($"I_ExceptionHandlerTests.cs:{line}"));
        Assert.That(report.Message, Does.StartWith("Task exception was never retrieved: <Task ")
            .And.Contain(report.CreatedAt!).And.Contain("await it"));
    }

    [Test]
    public void I02_null_restores_the_default()
    {
        using var log = new ListLoggerFactory();
        using EventLoop loop = NewLogged(log);
        loop.ExceptionHandler = (_, _) => Tell("mine");
        loop.CallSoon(() => throw new FormatException());
        loop.RunBriefly();
        loop.ExceptionHandler = null;
        loop.CallSoon(() => throw new FormatException());
        loop.RunBriefly();
        LogQueue.Flush(TimeSpan.FromSeconds(5));

        Assert.That(Story, Is.EqualTo("mine"));
        Assert.That(log.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void I03_a_handler_that_throws_is_logged_with_the_original_and_the_loop_goes_on()
    {
        var mistake = new FormatException("in the handler");
        using var log = new ListLoggerFactory();
        using EventLoop loop = NewLogged(log);
        loop.ExceptionHandler = (_, _) => throw mistake;
        loop.CallSoon(() => throw new InvalidOperationException());
        loop.CallSoon(() => Tell("next"));
        loop.RunBriefly();
        LogQueue.Flush(TimeSpan.FromSeconds(5));

        Assert.That(Story, Is.EqualTo("next"));
        Assert.That(log.Messages.Single(), Does.StartWith("Unhandled error in exception handler")
            .And.Contain("Exception in callback"));
        Assert.That(log.Exceptions, Is.EqualTo(new[] { mistake }));
    }

    [Test]
    public void I03_a_handler_may_leave_the_loop()
    {
        Loop.ExceptionHandler = (_, _) => throw new LoopAbortException();
        Loop.CallSoon(() => throw new FormatException());

        Assert.That(Loop.RunForever, Throws.TypeOf<LoopAbortException>());
    }

    [Test]
    public void I03_a_log_that_throws_is_survived()
    {
        using EventLoop loop = NewLogged(new BrokenLog());
        loop.CallSoon(() => throw new FormatException());
        loop.CallSoon(() => Tell("next"));

        Assert.That(loop.RunBriefly, Throws.Nothing);
        Assert.That(Story, Is.EqualTo("next"));
    }

    [Test]
    public void I04_the_handler_runs_in_the_context_of_the_callback()
    {
        Loop.ExceptionHandler = (_, _) => Tell($"{s_value.Value}");
        s_value.Value = "at the call";
        Loop.CallSoon(() => throw new FormatException());
        s_value.Value = "later";
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("at the call"));
    }

    [Test]
    public void I04_the_handler_runs_in_the_context_of_the_task_also_when_it_is_told_late()
    {
        Loop.ExceptionHandler = (_, _) =>
        {
            Tell($"{s_value.Value}");
            s_value.Value = "the handler's";
        };
        LoopTask task = Loop.CreateTask(SetAndFail());
        RunTurns(2);
        s_value.Value = "the closer's";
        Loop.Close();

        Assert.That(task.IsDone, Is.True);
        Assert.That(Story, Is.EqualTo("the task's"));
        Assert.That(s_value.Value, Is.EqualTo("the closer's"), "and what it writes stays there");

        static async Coroutine SetAndFail()
        {
            s_value.Value = "the task's";
            await EventLoop.Yield();
            throw new FormatException();
        }
    }

    [Test]
    public void I04_a_task_that_reports_itself_is_in_its_context_already()
    {
        Loop.ExceptionHandler = (_, _) => Tell($"{s_value.Value}");
        Run(async () =>
        {
            await EventLoop.Yield();
            s_value.Value = "written in this step";
            Loop.Report(new LoopErrorContext { Message = "look", Future = LoopTask.Current });
        });

        Assert.That(Story, Is.EqualTo("written in this step"));
    }

    [Test]
    public void I04_in_a_context_that_tasks_share_what_the_handler_writes_is_kept()
    {
        var shared = LoopContext.Capture();
        Loop.ExceptionHandler = (_, _) => s_value.Value = "the handler's";
        LoopTask task = Loop.CreateTask(Fail(), context: shared);
        RunTurns(2);
        Loop.Close();

        Assert.That(task.IsDone, Is.True);
        shared.Run(() => Tell($"{s_value.Value}"));
        Assert.That(Story, Is.EqualTo("the handler's"));
    }

    private static EventLoop NewLogged(ILoggerFactory log) => new(
        new EventLoopOptions { Driver = new ManualDriver(), Debug = false, LoggerFactory = log });

    private static int LineOf([CallerLineNumber] int line = 0) => line;

    private static async Coroutine Fail()
    {
        await EventLoop.Yield();
        throw new FormatException();
    }

    /// <summary>A log of which nothing works.</summary>
    private sealed class BrokenLog : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new FormatException();

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new FormatException();

        public bool IsEnabled(LogLevel logLevel) => throw new FormatException();

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => throw new FormatException();
    }
}
