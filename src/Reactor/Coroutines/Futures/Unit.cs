namespace Reactor;

/// <summary>The result of a coroutine or future that has no result.</summary>
public readonly record struct Unit;
