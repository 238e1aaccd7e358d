namespace Reactor;

/// <summary>
/// Identifies a message in another run of the same program: its kind, and a number where the
/// program gives one. Messages with equal keys keep their order.
/// </summary>
internal readonly record struct MessageKey(string Kind, long Number = 0);
