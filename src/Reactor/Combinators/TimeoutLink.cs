using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Ties a time-out to the exception that was thrown on its account, as Python's chain of contexts
/// does. C# has one link only, which is set when an exception is made. So the field is written
/// where it is empty, and <see cref="Exception.Data"/> takes the time-out where it is not.
/// </summary>
/// <remarks>
/// The accessor is resolved when it is compiled, without reflection. Should a runtime not have the
/// field, <see cref="Exception.Data"/> serves in every case.
/// </remarks>
internal static class TimeoutLink
{
    private const string DataKey = "Reactor.Timeout";

    public static void Attach(Exception error)
    {
        if (error is LoopAbortException)
        {
            return;
        }

        AttachOne(error);
        if (error is AggregateException group)
        {
            foreach (Exception inner in group.InnerExceptions)
            {
                AttachOne(inner);
            }
        }
    }

    public static TimeoutException? Find(Exception error) =>
        error.Data[DataKey] as TimeoutException ?? error.InnerException as TimeoutException;

    private static void AttachOne(Exception error)
    {
        var timeout = new TimeoutException("The block took longer than its time-out.");
        if (error.InnerException is not null || !TrySetInner(error, timeout))
        {
            error.Data[DataKey] = timeout;
        }
    }

    private static bool TrySetInner(Exception error, TimeoutException timeout)
    {
        try
        {
            InnerOf(error) = timeout;
            return true;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception error);
}
