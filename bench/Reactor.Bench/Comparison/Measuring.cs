// One contestant, measured in this process: the user and system CPU time of the whole process, the
// collector and the compiler included, divided by the operations. Prints one line an operation, its
// name and the nanoseconds with a tab between, as the scripts in bench/loops do.
using System.Diagnostics;
using System.Globalization;

namespace Reactor.Bench.Comparison;

internal static class Measuring
{
    private const int Chain = 1_000_000;
    private const int Tasks = 200_000;
    private const int Trips = 300_000;
    private const int Depth = 500;

    // Python does not compile, and Node is measured with what it does while it runs. The code of
    // the framework is compiled again once it has been in use for a while; a first, smaller helping
    // is repeated until that is over, and not measured.
    private const int WarmUpPart = 10;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    public static void Print(IOperations operations)
    {
        foreach ((string name, int count, Action<int> run) in Operations(operations))
        {
            for (var warmUp = Stopwatch.StartNew(); warmUp.Elapsed < s_warmUp;)
            {
                run(count / WarmUpPart);
            }

            GC.Collect();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            run(count);
            double used = (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / count;
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name}\t{used:F1}"));
        }
    }

    private static IEnumerable<(string Name, int Count, Action<int> Run)> Operations(
        IOperations on) =>
    [
        ("call_soon chain", Chain, on.CallSoonChain),
        ("task switch", Chain, count => on.TaskSwitch(count / 1000, 1000)),
        ("create and finish a task", Tasks, on.CreateTask),
        ("nested await", Chain, count => on.NestedAwait(count / Depth, Depth, waits: false)),
        ("nested await that waits", Chain, count => on.NestedAwait(count / Depth, Depth, true)),
        ("call_later + cancel", Chain, on.CallLaterAndCancel),
        ("future round trip", Trips, on.FutureRoundTrip),
        ("queue put + get", Trips, count => on.QueuePutAndGet(count, 100)),
    ];
}
