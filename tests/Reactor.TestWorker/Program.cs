// The program that the tests of the process pool start as a worker; RunWorker below is the entry
// that every such program has. Started with `busy-parent PORT` it is instead a parent: a pool of
// two workers, each busy for ever, so that a test can kill it and see the workers go; the workers
// of an `idle-parent` are idle, and a thread keeps them from ending. Other words make it a program
// that is no worker, each in its own way, before it comes to that entry.

using System.Globalization;
using Reactor;
using Reactor.TestWorker;

if (args.Length > 0)
{
    switch (args[0])
    {
        case "chatter":
            Console.WriteLine("Listening on http://127.0.0.1:8080");
            new ManualResetEventSlim().Wait();
            return 0;
        case "silence":
            new ManualResetEventSlim().Wait();
            return 0;
        case "exit":
            return 7;
        case "forget":
            using (var pool = new ProcessPoolExecutor(WorkerJobs.All))
            {
                return 0;
            }

        case "exit-once" when !File.Exists(args[1]):
            File.WriteAllText(args[1], "");
            return 7;
        default:
            break;
    }
}

if (ProcessPoolExecutor.RunWorker(WorkerJobs.All))
{
    return 0;
}

using var own = new ProcessPoolExecutor(WorkerJobs.All, new ProcessPoolOptions
{
    Workers = 2,
    ShutdownTimeout = TimeSpan.FromSeconds(1),
});
int port = int.Parse(args[1], CultureInfo.InvariantCulture);
ProcessJob<int, int> job = args[0] == "busy-parent" ? WorkerJobs.Spin : WorkerJobs.LeaveThread;
EventLoop.Run(async () =>
{
    EventLoop loop = EventLoop.Current;
    await EventLoop.WhenAll(
        loop.RunInExecutor(job, port, own), loop.RunInExecutor(job, port, own));
    await loop.CreateFuture<int>();
});
return 0;
