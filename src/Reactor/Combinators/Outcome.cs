using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The outcome of a future as a value, from <c>WhenAllSettled</c> (asyncio:
/// <c>gather(return_exceptions=True)</c>). Any thread.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
public readonly record struct Outcome<T>
{
    private readonly T _value;
    private readonly ExceptionDispatchInfo? _error;

    private Outcome(T value, ExceptionDispatchInfo? error) => (_value, _error) = (value, error);

    /// <summary>True if there is a result.</summary>
    public bool IsSuccess => _error is null;

    /// <summary>True if it was cancelled.</summary>
    public bool IsCancelled => Exception is LoopCanceledException;

    /// <summary>What it threw, a cancellation too; null if there is a result.</summary>
    public Exception? Exception => _error?.SourceException;

    /// <summary>The result; throws the exception if there is none.</summary>
    /// <exception cref="LoopCanceledException">It was cancelled.</exception>
    public T Value
    {
        get
        {
            _error?.Throw();
            return _value;
        }
    }

    internal static Outcome<T> Of(Future<T> future) =>
        future.TakeError() is { } error ? new(default!, error) : new(future.Result, null);
}
