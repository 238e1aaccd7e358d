namespace Reactor;

/// <summary>
/// Calls <see cref="ILoopAwaiter.OnSuspend"/> of an awaiter in place. A cast to the interface would
/// box a struct, and the JIT removes that box only sometimes (24 bytes an await). A call
/// constrained to the awaiter's own type needs no box.
/// </summary>
/// <remarks>
/// Any thread; one instance for each type of awaiter. The field has no initializer, because each
/// await would check whether the static constructor has run. <c>MakeGenericType</c> was rejected:
/// native compilation does not support it.
/// </remarks>
/// <typeparam name="TAwaiter">The type of the awaiter.</typeparam>
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
internal sealed class OwnParking<TAwaiter> : AwaiterParking<TAwaiter>
    where TAwaiter : ILoopAwaiter
{
    public override void OnSuspend(ref TAwaiter awaiter, TaskStep step) => awaiter.OnSuspend(step);
}

/// <summary>For a class, or a struct that does not name its own type.</summary>
internal sealed class CastParking<TAwaiter> : AwaiterParking<TAwaiter>
{
    public override void OnSuspend(ref TAwaiter awaiter, TaskStep step) =>
        ((ILoopAwaiter)awaiter!).OnSuspend(step);
}
