namespace Reactor.Drivers;

/// <summary>A driver could not be made; the message tells which call failed and why.</summary>
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
