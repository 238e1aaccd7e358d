// A small surface with one of everything, and the lines that the printer must make of it, by hand.

namespace Planted.Api;

public enum Mode
{
    Off,
    On = 2,
}

public abstract class Queue<T> : IDisposable
    where T : class, new()
{
    public const int LengthMax = 16;

    protected Queue(int length = LengthMax) => Length = length;

    internal Queue(string _) { }

    public delegate bool Step(ref T item);

    public event Action? Changed;

    public int Length { get; protected set; }

    public TimeSpan? Wait { get; }

    public required string Name { get; init; }

    public T? this[int index] => null;

    public abstract bool TryPop(out T item);

    public virtual void Push<TItem>(params TItem[] items)
        where TItem : T => Changed?.Invoke();

    public void Dispose() => GC.SuppressFinalize(this);

    public override string ToString() => "";

    protected void Grow(Mode mode = Mode.On, CancellationToken token = default) { }

    private protected void Shrink() => Length--;
}

public readonly record struct Point(int X)
{
    public static Point operator -(Point point) => new(-point.X);
}

public static class Extensions
{
    extension(Mode mode)
    {
        public bool IsOn() => mode == Mode.On;
    }

    public static int Twice(this int number) => number * 2;
}

internal static class Expected
{
    public static readonly string[] Lines =
    [
        "Planted.Api.Extensions : static class",
        "Planted.Api.Extensions.IsOn(this Mode mode) : static bool",
        "Planted.Api.Extensions.Twice(this int number) : static int",
        "Planted.Api.Mode : enum int",
        "Planted.Api.Mode.Off = 0",
        "Planted.Api.Mode.On = 2",
        "Planted.Api.Point : readonly struct, IEquatable<Point>",
        "Planted.Api.Point.X : int { get; init; }",
        "Planted.Api.Point.ctor(int X)",
        "Planted.Api.Point.op_UnaryNegation(Point point) : static Point",
        "Planted.Api.Queue<T> : abstract class, IDisposable where T : class, new()",
        "Planted.Api.Queue<T>.Changed : event Action",
        "Planted.Api.Queue<T>.Dispose() : void",
        "Planted.Api.Queue<T>.Grow(Mode mode = Mode.On, CancellationToken token = default)"
            + " : void (protected)",
        "Planted.Api.Queue<T>.Length : int { get; protected set; }",
        "Planted.Api.Queue<T>.LengthMax = 16",
        "Planted.Api.Queue<T>.Name : required string { get; init; }",
        "Planted.Api.Queue<T>.Push<TItem>(params TItem[] items) : virtual void where TItem : T",
        "Planted.Api.Queue<T>.Step : delegate bool(ref T item) where T : class, new()",
        "Planted.Api.Queue<T>.ToString() : override string",
        "Planted.Api.Queue<T>.TryPop(out T item) : abstract bool",
        "Planted.Api.Queue<T>.Wait : TimeSpan? { get; }",
        "Planted.Api.Queue<T>.ctor(int length = 16) (protected)",
        "Planted.Api.Queue<T>.this[int index] : T { get; }",
    ];
}
