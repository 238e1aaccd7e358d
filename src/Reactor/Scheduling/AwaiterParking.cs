namespace Reactor;

/// <summary>
/// Calls <see cref="ILoopAwaiter.OnSuspend"/> of a struct without the box that a cast may allocate
/// (24 bytes an await). Any thread.
/// </summary>
/// <remarks>
/// Without an initializer, no await checks for a static constructor. Native compilation does not
/// support the alternative, <c>MakeGenericType</c>.
/// </remarks>
internal abstract class AwaiterParking<TAwaiter>
{
    private static AwaiterParking<TAwaiter>? s_instance;

    public static AwaiterParking<TAwaiter> Instance => s_instance ?? Find();

    public abstract void OnSuspend(ref TAwaiter awaiter, TaskStep step);

    private static AwaiterParking<TAwaiter> Find() =>
        s_instance = (default(TAwaiter) as ILoopAwaiter)?.Parking as AwaiterParking<TAwaiter>
            ?? new CastParking<TAwaiter>();
}

/// <summary>For an awaiter that names its own type.</summary>
internal sealed class OwnParking<TAwaiter> : AwaiterParking<TAwaiter> where TAwaiter : ILoopAwaiter
{
    public override void OnSuspend(ref TAwaiter awaiter, TaskStep step) => awaiter.OnSuspend(step);
}

/// <summary>For a class, or a struct that does not name its own type.</summary>
internal sealed class CastParking<TAwaiter> : AwaiterParking<TAwaiter>
{
    public override void OnSuspend(ref TAwaiter awaiter, TaskStep step) =>
        ((ILoopAwaiter)awaiter!).OnSuspend(step);
}
