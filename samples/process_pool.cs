#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Long computations run in other processes, so that they neither delay the loop nor end it by a
// crash. The program starts itself as a worker; see its first statement.
//
// Expected output:
//   primes below 200000: 17984
//   a job that throws: Job 'fail' threw System.FormatException: not today
//   a job that dies: ended with exit code 3
//   after it: primes below 100: 25
using System.Text.Json.Serialization;
using Reactor;

if (ProcessPoolExecutor.RunWorker(Work.Jobs))
{
    return;
}

using var pool = new ProcessPoolExecutor(Work.Jobs, new ProcessPoolOptions { Workers = 2 });
using var loop = new EventLoop();

async Coroutine<int> CountBelow(int end)
{
    // Two halves in parallel, in two processes.
    (int low, int high) = await EventLoop.WhenAll(
        loop.RunInExecutor(Work.CountPrimes, new Piece(0, end / 2), pool),
        loop.RunInExecutor(Work.CountPrimes, new Piece(end / 2, end), pool));
    return low + high;
}

async Coroutine Main()
{
    Console.WriteLine($"primes below 200000: {await CountBelow(200_000)}");
    try
    {
        await loop.RunInExecutor(Work.Fail, "not today", pool);
    }
    catch (RemoteJobException error)
    {
        Console.WriteLine($"a job that throws: {error.Message}");
    }

    try
    {
        await loop.RunInExecutor(Work.Die, 3, pool);
    }
    catch (WorkerDiedException error)
    {
        Console.WriteLine($"a job that dies: ended with exit code {error.ExitCode}");
    }

    Console.WriteLine($"after it: primes below 100: {await CountBelow(100)}");
}

loop.RunUntilComplete(Main());

internal static class Work
{
    public static readonly ProcessJobs Jobs = new();

    public static readonly ProcessJob<Piece, int> CountPrimes = Jobs.Add(
        "count-primes", Count, WorkJson.Default.Piece, WorkJson.Default.Int32);

    public static readonly ProcessJob<string, int> Fail = Jobs.Add<string, int>(
        "fail", static text => throw new FormatException(text),
        WorkJson.Default.String, WorkJson.Default.Int32);

    public static readonly ProcessJob<int, int> Die = Jobs.Add(
        "die", Exit, WorkJson.Default.Int32, WorkJson.Default.Int32);

    private static int Count(Piece piece) =>
        Enumerable.Range(piece.Start, piece.End - piece.Start).Count(
            n => n > 1 && Enumerable.Range(2, (int)Math.Sqrt(n) - 1).All(d => n % d != 0));

    private static int Exit(int code)
    {
        Environment.Exit(code);
        return code;
    }
}

internal sealed record Piece(int Start, int End);

[JsonSerializable(typeof(Piece))]
[JsonSerializable(typeof(string))]
internal sealed partial class WorkJson : JsonSerializerContext;
