namespace Reactor.Drivers;

/// <summary>
/// A driver could not be created; the message names the failed call and the reason.
/// </summary>
public sealed class DriverException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public DriverException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public DriverException(string? message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public DriverException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
