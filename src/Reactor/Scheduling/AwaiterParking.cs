namespace Reactor;

/// <summary>
/// Calls <see cref="ILoopAwaiter.OnSuspend"/> of an awaiter where it lies. The builder knows only
/// that its awaiter is one of these; a cast to the interface would box a struct, and whether the
/// compiler takes the box away again depends on how the code around it was compiled. With
/// recompilation by profile it sometimes stayed, 24 bytes an await. Here the call is constrained
/// to the awaiter's own type, for which the language needs no box.
/// </summary>
/// <remarks>
/// Any thread. There is one for each type of awaiter. The field has no initializer: code that was
/// compiled before a static constructor ran would ask at each await whether it has run by now.
/// Reflection (<c>MakeGenericType</c>) was rejected: native compilation does not know it.
/// </remarks>
/// <typeparam name="TAwaiter">The type of the awaiter.</typeparam>
internal abstract class AwaiterParking<TAwaiter>
{
    private static AwaiterParking<TAwaiter>? s_instance;

    /// <summary>The one for this type of awaiter.</summary>
    public static AwaiterParking<TAwaiter> Instance => s_instance ?? Find();

    /// <summary>Parks the task.</summary>
    public abstract void OnSuspend(ref TAwaiter awaiter, TaskStep step);

    private static AwaiterParking<TAwaiter> Find() =>
        s_instance = (default(TAwaiter) as ILoopAwaiter)?.Parking as AwaiterParking<TAwaiter>
            ?? new CastParking<TAwaiter>();
}

/// <summary>Of an awaiter that names its own type.</summary>
internal sealed class OwnParking<TAwaiter> : AwaiterParking<TAwaiter>
    where TAwaiter : ILoopAwaiter
{
    public override void OnSuspend(ref TAwaiter awaiter, TaskStep step) => awaiter.OnSuspend(step);
}

/// <summary>Of a class, or of a struct that does not name its own type.</summary>
internal sealed class CastParking<TAwaiter> : AwaiterParking<TAwaiter>
{
    public override void OnSuspend(ref TAwaiter awaiter, TaskStep step) =>
        ((ILoopAwaiter)awaiter!).OnSuspend(step);
}
