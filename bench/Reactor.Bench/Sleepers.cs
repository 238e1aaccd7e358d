// A million coroutines asleep at once, with deadlines in random order, beside ten thousand: the
// bytes that each holds, and the CPU time for making it, putting it to sleep and waking it. The
// clock is virtual, so nothing is waited for.
using System.Globalization;
using Reactor.Simulation;

namespace Reactor.Bench;

internal static class Sleepers
{
    private const int Many = 1_000_000;
    private const int Few = 10_000;
    private const int Rounds = 3;

    public static void Print()
    {
        Measure(Few, Many / Few); // the compiler's share
        for (int round = 1; round <= Rounds; round++)
        {
            (double fewBegin, double fewWake, _) = Measure(Few, Many / Few);
            (double manyBegin, double manyWake, long bytes) = Measure(Many, 1);
            Console.WriteLine($"round {round}");
            PrintLine("create and fall asleep", fewBegin, manyBegin);
            PrintLine("wake and end", fewWake, manyWake);
            PrintLine("together", fewBegin + fewWake, manyBegin + manyWake);
            Console.WriteLine($"  bytes a sleeper: {bytes}");
        }
    }

    private static void PrintLine(string what, double few, double many) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what,-24}{few,6:F0} ns at {Few:N0}{many,8:F0} ns at {Many:N0}"
                + $"{many / few,6:F2} x"));

    private static (double Begin, double Wake, long Bytes) Measure(int sleepers, int repeats)
    {
        var random = new Random(1);
        TimeSpan begin = TimeSpan.Zero;
        TimeSpan wake = TimeSpan.Zero;
        long bytes = 0;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            using var loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
            int awake = 0;
            async Coroutine Sleep(TimeSpan delay)
            {
                await EventLoop.Delay(delay);
                if (++awake == sleepers)
                {
                    loop.Stop();
                }
            }

            TimeSpan start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < sleepers; i++)
            {
                loop.CreateTask(Sleep(TimeSpan.FromMicroseconds(1 + random.Next(int.MaxValue))));
            }

            loop.RunBriefly();
            begin += Environment.CpuUsage.TotalTime - start;
            bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            start = Environment.CpuUsage.TotalTime;
            loop.RunForever();
            wake += Environment.CpuUsage.TotalTime - start;
        }

        double count = (double)sleepers * repeats;
        return (begin.TotalNanoseconds / count, wake.TotalNanoseconds / count, bytes / sleepers);
    }
}
