namespace Reactor.Recording;

/// <summary>
/// A recording cannot be opened, read or replayed; the message says why in one sentence.
/// </summary>
public sealed class RecordingException(string? message = null, Exception? innerException = null)
    : IOException(message, innerException);
