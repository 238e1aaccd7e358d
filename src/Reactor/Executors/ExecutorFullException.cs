namespace Reactor;

/// <summary>
/// An executor takes no more work: as many pieces wait as its options allow. The executors of
/// Python have no such limit.
/// </summary>
public sealed class ExecutorFullException(
    string? message = null, Exception? innerException = null)
    : InvalidOperationException(message ?? "The executor is full.", innerException);
