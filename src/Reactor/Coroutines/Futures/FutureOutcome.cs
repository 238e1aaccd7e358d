using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The outcome of a future, except a result; in debug mode also where it was made. A view of the
/// future's field, as <see cref="FutureWaiters"/> is.
/// </summary>
/// <param name="field">
/// Of a failed future a StoredException; of a cancelled one the message, or the
/// ExceptionDispatchInfo of a task that threw its cancellation. In debug mode a MadeAt around that:
/// a field for the place would make every future longer.
/// </param>
[StackTraceHidden]
internal readonly ref struct FutureOutcome(ref object? field)
{
    private readonly ref object? _value = ref field;

    public string? CreatedAt => (_value as MadeAt)?.Place;

    public StoredException? Stored => Value as StoredException;

    private object? Value => _value is MadeAt place ? place.Value : _value;

    public static object? Initial(string? createdAt) =>
        createdAt is null ? null : new MadeAt(createdAt);

    public void Set(object? value)
    {
        if (_value is MadeAt place)
        {
            place.Value = value;
        }
        else
        {
            _value = value;
        }
    }

    public LoopCanceledException MakeCancellation() => new(Value switch
    {
        ExceptionDispatchInfo thrown => thrown.SourceException.Message,
        string message => message,
        _ => null,
    });

    [DoesNotReturn]
    public void Throw()
    {
        if (TakeError(false) is { } error)
        {
            TraceLimit.NoteRethrow(error, Stored?.TracedAwaits ?? 0);
            error.Throw();
        }

        throw MakeCancellation();
    }

    public ExceptionDispatchInfo? TakeError(bool isCancelled)
    {
        Stored?.MarkFetched();
        return Value switch
        {
            StoredException stored => stored.Error,
            ExceptionDispatchInfo cancellation => cancellation,
            _ => isCancelled ? ExceptionDispatchInfo.Capture(MakeCancellation()) : null,
        };
    }

    private sealed class MadeAt(string place)
    {
        public object? Value;

        public string Place => place;
    }
}
