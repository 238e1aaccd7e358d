// A small surface for the tests of Documentation: what is exported, nested and not.

namespace Planted.Api;

public enum Mode
{
    Off,
    On,
}

public abstract class Queue<T>
{
    public delegate bool Step(ref T item);

    internal sealed class Hidden;
}

public static class Extensions
{
    public static int Twice(this int number) => number * 2;
}

internal static class NotExported
{
    public sealed class NorThis;
}
