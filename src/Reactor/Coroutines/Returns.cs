namespace Reactor;

/// <summary>
/// How a generator coroutine returns a value, and how it gets the value of what it calls. A C#
/// iterator can do neither by itself: <c>yield return</c> has no result.
/// </summary>
/// <example><code>
/// IEnumerator&lt;object?&gt; Twice(int n)
/// {
///     var slow = Returns.From&lt;int&gt;(Slow(n));
///     yield return slow;
///     yield return Returns.Value(2 * slow.Result);
/// }
/// </code></example>
public static class Returns
{
    /// <summary>
    /// Yield this to return from a generator; nothing after it runs, except <c>finally</c> blocks
    /// (Python: <c>return x</c>). Any thread.
    /// </summary>
    public static object Value(object? value) => new ReturnedValue(value);

    /// <summary>
    /// Yield this to run a generator in the same task; then its value is in
    /// <see cref="Returns{T}.Result"/> (Python: <c>x = yield from f()</c>). Any thread.
    /// </summary>
    public static Returns<T> From<T>(IEnumerator<object?> generator) =>
        new(generator.AsCoroutine<T>());

    /// <summary>
    /// Yield this to run a coroutine in the same task; then its value is in
    /// <see cref="Returns{T}.Result"/>. Any thread.
    /// </summary>
    public static Returns<T> From<T>(Coroutine<T> coroutine) => new(coroutine);
}

/// <summary>
/// A call made by a generator, and its value once it was yielded and has returned.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class Returns<T> : IGeneratorCall
{
    private readonly Coroutine<T> _call;
    private bool _hasResult;

    internal Returns(Coroutine<T> call) => _call = call;

    /// <summary>What the call returned. Loop thread only.</summary>
    /// <exception cref="InvalidFutureStateException">It was not yielded yet.</exception>
    public T Result
    {
        get => _hasResult ? field : throw new InvalidFutureStateException("Result is not set.");
        private set;
    } = default!;

    CoroutineFrame IGeneratorCall.Frame => _call.Frame;

    void IGeneratorCall.TakeOutcome()
    {
        Result = _call.TakeResult();
        _hasResult = true;
    }
}

/// <summary>What a generator yields to call: a coroutine, or the holder of one.</summary>
internal interface IGeneratorCall
{
    /// <summary>The frame to put on the task's stack.</summary>
    CoroutineFrame Frame { get; }

    /// <summary>Takes the result; throws what the call threw.</summary>
    void TakeOutcome();
}

/// <summary>The item that ends a generator with a value.</summary>
internal sealed record ReturnedValue(object? Value);
