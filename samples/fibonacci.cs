#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// A generator, which the compiler turns into a state machine, and that state machine written by
// hand. A coroutine is the same kind of state machine; the difference is the caller of MoveNext:
// here, at the end, the event loop.
//
// Expected output:
//   generator:   1 1 2 3 5 8 13 21 34 55
//   by hand:     1 1 2 3 5 8 13 21 34 55
//   coroutine:   1 1 2 3 5 8 13 21 34 55
using System.Collections;
using Reactor;

static IEnumerable<int> Generate(int count)
{
    (int a, int b) = (0, 1);
    for (int i = 0; i < count; i++)
    {
        (a, b) = (b, a + b);
        yield return a;
    }
}

static async Coroutine<List<int>> Gather(int count)
{
    var numbers = new List<int>();
    (int a, int b) = (0, 1);
    for (int i = 0; i < count; i++)
    {
        (a, b) = (b, a + b);
        numbers.Add(a);
        await EventLoop.Yield(); // a generator yields a value, a coroutine yields its turn
    }

    return numbers;
}

Console.WriteLine($"generator:   {string.Join(' ', Generate(10))}");
Console.WriteLine($"by hand:     {string.Join(' ', new Fibonacci(10))}");
Console.WriteLine($"coroutine:   {string.Join(' ', EventLoop.Run(() => Gather(10)))}");

/// <summary>
/// The generator's state machine: locals are fields, each step is a call.
/// </summary>
internal sealed class Fibonacci(int left) : IEnumerable<int>, IEnumerator<int>
{
    private int _next = 1;

    public int Current { get; private set; }

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (left-- <= 0)
        {
            return false;
        }

        (Current, _next) = (_next, Current + _next);
        return true;
    }

    public IEnumerator<int> GetEnumerator() => new Fibonacci(left);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Reset() => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
