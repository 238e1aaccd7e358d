using System.Diagnostics;

namespace Reactor.Testing;

/// <summary>
/// While it lives, a failed <see cref="Debug.Assert(bool)"/> of the product is an exception that a
/// test can expect, instead of the end of the process. For the whole process: not in parallel
/// tests.
/// </summary>
public sealed class AssertionsThrow : TraceListener
{
    private readonly TraceListener[] _before = [.. Trace.Listeners.Cast<TraceListener>()];

    public AssertionsThrow()
    {
        Trace.Listeners.Clear();
        Trace.Listeners.Add(this);
    }

    /// <summary>False in release builds, where the product makes no assertions.</summary>
    public static bool AreMade =>
#if DEBUG
        true;
#else
        false;
#endif

    public override void Fail(string? message, string? detailMessage) =>
        throw new InvalidOperationException(message);

    public override void Write(string? message)
    {
    }

    public override void WriteLine(string? message)
    {
    }

    protected override void Dispose(bool disposing)
    {
        Trace.Listeners.Clear();
        Trace.Listeners.AddRange(_before);
        base.Dispose(disposing);
    }
}
