namespace Reactor.Drivers;

/// <summary>
/// A driver cannot be made: the kernel refuses what every loop needs, such as a descriptor. The
/// message says which call failed and why.
/// </summary>
public sealed class DriverException : InvalidOperationException
{
    /// <summary>Makes one.</summary>
    public DriverException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public DriverException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public DriverException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
