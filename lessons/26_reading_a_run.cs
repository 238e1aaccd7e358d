#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Lesson 26: which task is the culprit, and which the victim? Grows from 25_measuring.
// Question: A pulse is due at 50 ms and comes at 120 ms. A mail is ready at 40 ms and runs at
// 120 ms. An instrument of the loop prints each poll, step and timer that takes time or is late.
// What held the loop?
// Predict:
//   40 ms: the poll held the loop for 40 ms
//   120 ms: report held the loop for 80 ms
//   120 ms: mail held the loop for 80 ms
//   120 ms: pulse held the loop for 70 ms
// Picture: lanes
// Expected output:
//   40 ms: the poll waited for 40 ms
//   120 ms: report held the loop for 80 ms
//   120 ms: mail was ready for 80 ms
//   120 ms: the timer of pulse is 70 ms late
//   170 ms: the poll waited for 50 ms
using Reactor;
using Reactor.Simulation;

var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
loop.AddInstrument(new Observer(driver));
loop.RunUntilComplete(Main());

async Coroutine Main()
{
    LoopTask pulse = EventLoop.Spawn(Pulse(), "pulse");
    _ = EventLoop.Spawn(Report(), "report");
    _ = EventLoop.Spawn(Mail(), "mail");
    await pulse; // it ends last
}

async Coroutine Pulse()
{
    await EventLoop.Delay(TimeSpan.FromMilliseconds(50));
    await EventLoop.Delay(TimeSpan.FromMilliseconds(50));
}

async Coroutine Report()
{
    await EventLoop.Delay(TimeSpan.FromMilliseconds(40));
    driver.Advance(TimeSpan.FromMilliseconds(80)); // stands for 80 ms of work without an await
}

async Coroutine Mail() => await EventLoop.Delay(TimeSpan.FromMilliseconds(40));

internal sealed class Observer(InMemoryDriver driver) : ILoopInstrument
{
    private readonly Dictionary<TaskStep, TimeSpan> _ready = [];
    private TimeSpan _began;

    public void AfterIoWait(TimeSpan elapsed) => Tell("the poll waited for", elapsed);

    public void TimerFired(long number, LoopWork work, TimeSpan when) =>
        Tell($"the timer of {NameOf((TaskStep)work)} is", driver.Now - when, " late");

    public void TaskScheduled(TaskStep step) => _ready[step] = driver.Now;

    public void BeforeTaskStep(TaskStep step)
    {
        _began = driver.Now;
        Tell($"{NameOf(step)} was ready for", _began - _ready[step]);
    }

    public void AfterTaskStep(TaskStep step) =>
        Tell($"{NameOf(step)} held the loop for", driver.Now - _began);

    private static string NameOf(TaskStep step) => ((LoopTask)step.Owner).Name;

    private void Tell(string text, TimeSpan took, string end = "")
    {
        if (took > TimeSpan.Zero)
        {
            Console.WriteLine(
                $"{driver.Now.TotalMilliseconds} ms: {text} {took.TotalMilliseconds} ms{end}");
        }
    }
}
