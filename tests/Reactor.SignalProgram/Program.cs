// A program for tests of what concerns a whole process: signals to it, its end, and how the runtime
// compiles it. Its argument says which program it is; it prints `ready` when signals may come, and
// a line for whatever happens.
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Reactor;

return args[0] switch
{
    "run" => RunIt(() => EventLoop.Run(WaitForEver)),
    "runner" => RunIt(UseRunner),
    "caught" => RunAndCatch(),
    "stubborn" => RunIt(() => EventLoop.Run(Ignore)),
    "blocked" => RunIt(() => EventLoop.Run(Block)),
    "handler" => RunIt(() => EventLoop.Run(HandleTwice)),
    "next" => RunIt(() => EventLoop.Run(EndInOrder)),
    "waits" => RunIt(() => EventLoop.Run(WaitTwice)),
    "restored" => RunIt(() => EventLoop.Run(WaitBetween)),
    "foreign" => RunIt(ListenByItself),
    "restore" => RunIt(() => EventLoop.Run(SetAndRemove)),
    "exit" => RunIt(() => LogAnd(() => Environment.Exit(7))),
    "crash" => RunIt(() => LogAnd(() => throw new FormatException("the crash"))),
    "work" => RunIt(ThrowInWork),
    "record" => RunIt(() => SetOrder.Record(FilePath())),
    "replay" => RunIt(() => SetOrder.Replay(FilePath())),
    "awaits" => RunIt(() => EventLoop.Run(AwaitedBytes.Print)),
    _ => throw new ArgumentException($"There is no program {args[0]}."),
};

static string FilePath() => Environment.GetEnvironmentVariable("REACTOR_TEST_FILE")!;

static int RunIt(Action program)
{
    program();
    return 0;
}

static void UseRunner()
{
    using var runner = new LoopRunner();
    runner.Run(WaitForEver);
}

static int RunAndCatch()
{
    try
    {
        EventLoop.Run(WaitForEver);
        return 1;
    }
    catch (InterruptException)
    {
        Console.WriteLine("caught");
        return 3;
    }
}

static async Coroutine WaitForEver()
{
    _ = EventLoop.Spawn(WaitBeside());
    await EventLoop.Yield();
    try
    {
        Console.WriteLine("ready");
        await EventLoop.Current.CreateFuture<int>();
    }
    finally
    {
        Console.WriteLine("main cleans up");
    }
}

static async Coroutine WaitBeside()
{
    try
    {
        await EventLoop.Current.CreateFuture<int>();
    }
    finally
    {
        Console.WriteLine("the other cleans up");
    }
}

static async Coroutine Ignore()
{
    Console.WriteLine("ready");
    while (true)
    {
        try
        {
            await EventLoop.Current.CreateFuture<int>();
        }
        catch (LoopCanceledException)
        {
            Console.WriteLine("ignored");
        }
    }
}

static async Coroutine Block()
{
    await EventLoop.Yield();
    Console.WriteLine("ready");
    Thread.Sleep(Timeout.Infinite);
}

static async Coroutine HandleTwice()
{
    EventLoop loop = EventLoop.Current;
    Promise<int> second = loop.CreateFuture<int>();
    int count = 0;
    loop.AddSignalHandler(PosixSignal.SIGINT, () =>
    {
        Console.WriteLine("handled");
        if (++count == 2)
        {
            second.SetResult(count);
        }
    });
    Console.WriteLine("ready");
    await second;
}

static async Coroutine EndInOrder()
{
    Future<PosixSignal> next =
        EventLoop.Current.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
    Console.WriteLine("ready");
    Console.WriteLine(await next);
    await EventLoop.Current.CreateFuture<int>(); // an end that takes too long
}

static async Coroutine WaitTwice()
{
    EventLoop loop = EventLoop.Current;
    Future<PosixSignal> first = loop.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
    Future<PosixSignal> second = loop.NextSignalAsync(PosixSignal.SIGTERM);
    Console.WriteLine("ready");
    Console.WriteLine($"{await first} {await second}");
}

static async Coroutine WaitBetween()
{
    EventLoop loop = EventLoop.Current;
    Promise<int> handled = loop.CreateFuture<int>();
    loop.AddSignalHandler(PosixSignal.SIGINT, handled.SetResult, 1);
    Future<PosixSignal> next = loop.NextSignalAsync(PosixSignal.SIGINT);
    Console.WriteLine("ready");
    Console.WriteLine($"{await next} {handled.IsDone}");
    await handled;
    Console.WriteLine("handled");
}

static void ListenByItself()
{
    using var heard = new ManualResetEventSlim();
    using var listener = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
    {
        signal.Cancel = true;
        heard.Set();
    });
    EventLoop.Run(
        async () =>
        {
            Console.WriteLine("ready");
            await EventLoop.ToThread(heard.Wait);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(50));
            Console.WriteLine("heard it myself");
        },
        new EventLoopOptions { HandleInterrupt = false });
}

static async Coroutine SetAndRemove()
{
    int user1 = OperatingSystem.IsLinux() ? 10 : 30;
    EventLoop loop = EventLoop.Current;
    Promise<int> heard = loop.CreateFuture<int>();
    loop.AddSignalHandler((PosixSignal)user1, heard.SetResult, 1);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready {user1}"));
    await heard;
    Console.WriteLine($"removed {loop.RemoveSignalHandler((PosixSignal)user1)}");
    await loop.CreateFuture<int>();
}

static void LogAnd(Action end)
{
    ILogger logger = LogQueue.Wrap(null, "test");
    for (int i = 0; i < 1000; i++)
    {
        logger.Log(LogLevel.Error, default, i, null, static (i, _) => $"queued {i}");
    }

    end();
}

static void ThrowInWork()
{
    var pool = new ThreadPoolExecutor(new ThreadPoolExecutorOptions { Threads = 1 });
    pool.Submit(() => throw new FormatException("work of a thread"));
    pool.Submit(() => Console.WriteLine("the thread lives"));
    pool.Shutdown();
    pool.Completion.GetAwaiter().GetResult();
    EventLoop.Run(async () =>
    {
        EventLoop.Current.DefaultExecutor.Submit(() => throw new FormatException("default work"));
        await EventLoop.Current.RunInExecutor(() => Console.WriteLine("the pool lives"));
    });
}
