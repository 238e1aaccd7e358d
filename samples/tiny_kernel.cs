#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// async/await does not need the event loop. This kernel has one queue, no sockets, timers or clock:
// its time is the number of steps. It runs the same Coroutine<T>, because a coroutine needs only a
// CoroutineScheduler.
//
// Expected output:
//   step 2: tick 1
//   step 3: tock 1
//   step 6: tick 2
//   step 9: tock 2
//   step 10: tick 3
//   step 15: tock 3
//   6 beats in 20 steps
using Reactor;

var kernel = new TinyKernel();
int beats = kernel.Run(Clock());
Console.WriteLine($"{beats} beats in {kernel.Steps} steps");

async Coroutine<int> Clock()
{
    LoopTask<int> tick = LoopTask.Start(kernel, Beat("tick", 1));
    LoopTask<int> tock = LoopTask.Start(kernel, Beat("tock", 2));
    return await tick + await tock;
}

async Coroutine<int> Beat(string sound, int pause)
{
    for (int i = 1; i <= 3; i++)
    {
        Console.WriteLine($"step {kernel.Steps}: {sound} {i}");
        await new Pause(pause);
    }

    return 3;
}

/// <summary>Suspends a coroutine until the kernel has skipped it a number of times.</summary>
internal readonly record struct Pause(int Times) : ILoopAwaiter<Pause>
{
    public bool IsCompleted => Times == 0;

    public Pause GetAwaiter() => this;

    public void OnSuspend(TaskStep step) => ((TinyKernel)step.Scheduler).PassOver(step, Times);

    public void GetResult() => TaskStep.Current?.ThrowIfInterrupted();

    public void OnCompleted(Action continuation) => throw new NotSupportedException();

    public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
}

/// <summary>
/// Takes the first entry of the queue; runs it, or moves it to the end of the queue.
/// </summary>
internal sealed class TinyKernel : CoroutineScheduler
{
    private readonly Queue<(LoopWork Work, int PassOver)> _queue = new();

    public int Steps { get; private set; }

    public override TimeSpan Time => new(Steps);

    public T Run<T>(Coroutine<T> main)
    {
        LoopTask<T> task = LoopTask.Start(this, main);
        SetCurrent(this);
        while (!task.IsDone && _queue.TryDequeue(out (LoopWork Work, int PassOver) next))
        {
            Steps++;
            if (next.PassOver > 0)
            {
                _queue.Enqueue((next.Work, next.PassOver - 1));
            }
            else
            {
                next.Work.Run();
            }
        }

        SetCurrent(null);
        return task.Result; // throws the task's exception, or that it never ended
    }

    public void PassOver(LoopWork work, int times) => _queue.Enqueue((work, times));

    public override void Post(LoopWork work) => _queue.Enqueue((work, 0));

    public override void PostThreadSafe(LoopWork work) => throw new NotSupportedException();

    public override void Arm(LoopWork work, TimeSpan when) => throw new NotSupportedException();

    public override bool Disarm(LoopWork work) => false;

    public override void Report(LoopErrorContext context) => Console.WriteLine(context.Message);
}
