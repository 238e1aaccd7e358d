using System.Diagnostics;
using System.Text.RegularExpressions;
using Reactor.Drivers;
using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// What the trace of an exception shows: the user's methods, and no await of ours.
/// </summary>
[TestFixture]
public sealed partial class StackTraceTests : LoopFixture
{
    private static IEnumerable<Type> Awaiters => new[] { typeof(EventLoop), typeof(SocketsDriver) }
        .SelectMany(type => type.Assembly.GetTypes())
        .Where(type => type.IsValueType && typeof(ILoopAwaiter).IsAssignableFrom(type))
        .Append(typeof(CoroutineMethodBuilder))
        .Append(typeof(CoroutineMethodBuilder<>))
        .Distinct();

    [Test]
    public void A_throw_three_awaits_deep_shows_the_users_methods_only()
    {
        string trace = Run(async () => await TraceOf(First));

        Assert.That(MethodsIn(trace), Is.EqualTo(
            new[] { nameof(Third), nameof(Second), nameof(First), nameof(TraceOf) }));
    }

    [Test]
    public void A_task_that_throws_shows_its_methods_and_those_that_await_it()
    {
        string trace = Run(async () => await TraceOf(async () => await EventLoop.Spawn(Second)));

        Assert.That(OfOurs(trace), Is.Empty, trace);
    }

    [Test]
    public void An_error_that_leaves_run_shows_no_line_of_ours()
    {
        string trace = Assert.Throws<FormatException>(() => EventLoop.Run(
            Third, new EventLoopOptions { Driver = new ManualDriver() }))!.StackTrace!;

        Assert.That(OfOurs(trace), Is.Empty, trace);
    }

    [TestCaseSource(nameof(Waits))]
    public void A_wait_that_is_cancelled_shows_no_line_of_ours(Func<Coroutine> wait)
    {
        string trace = Run(async () =>
        {
            LoopTask<string> waiter = EventLoop.Spawn(TraceOf(wait));
            await EventLoop.Yield();
            await EventLoop.Yield();
            waiter.Cancel();
            return await waiter;
        });

        Assert.That(trace, Does.Contain(nameof(TraceOf)));
        Assert.That(OfOurs(trace), Is.Empty, trace);
    }

    [TestCaseSource(nameof(Awaiters))]
    public void An_awaiter_and_a_builder_are_hidden(Type type) =>
        Assert.That(type.IsDefined(typeof(StackTraceHiddenAttribute), false));

    private static IEnumerable<TestCaseData> Waits()
    {
        var held = new AsyncLock();
        Assert.That(held.TryAcquire());
        (string, Func<Coroutine>)[] waits =
        [
            ("delay", async () => await EventLoop.Delay(S(9))),
            ("future", async () => await new Promise<int>()),
            ("lock", async () => await held.AcquireAsync()),
            ("event", async () => await new AsyncEvent().WaitAsync()),
            ("semaphore", async () => await new AsyncSemaphore(0).AcquireAsync()),
            ("take", async () => await new AsyncQueue<int>().TakeAsync()),
        ];
        return waits.Select(one => new TestCaseData(one.Item2).SetName($"{{m}}({one.Item1})"));
    }

    private static async Coroutine<string> TraceOf(Func<Coroutine> failing)
    {
        try
        {
            await failing();
            return "nothing was thrown";
        }
        catch (Exception error)
        {
            return error.StackTrace!;
        }
    }

    private static async Coroutine First() => await Second();

    private static async Coroutine Second()
    {
        await EventLoop.Yield();
        await Third();
    }

    private static async Coroutine Third()
    {
        await EventLoop.Yield();
        throw new FormatException();
    }

    private static IEnumerable<string> OfOurs(string trace) => Line().Matches(trace)
        .Select(match => match.Value)
        .Where(line => line.StartsWith("at Reactor.", StringComparison.Ordinal)
            && !line.StartsWith("at Reactor.Test", StringComparison.Ordinal));

    private static IEnumerable<string> MethodsIn(string trace) => Line().Matches(trace)
        .Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"at \S*?\.?(?<name>\w+)\([^\n]*")]
    private static partial Regex Line();
}
