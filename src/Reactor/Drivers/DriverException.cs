namespace Reactor.Drivers;

/// <summary>
/// A driver could not be created; the message names the failed call and the reason.
/// </summary>
public sealed class DriverException(string? message = null, Exception? innerException = null)
    : InvalidOperationException(message, innerException);
