namespace Reactor;

/// <summary>
/// An object that can say what its coroutine methods work on. If one of them blocks the loop, the
/// line about that tells it: the HTTP server tells request and route.
/// </summary>
public interface IWorkDescription
{
    /// <summary>
    /// What is worked on now, such as <c>GET /orders/7 (route /orders/{id})</c>; null: nothing.
    /// Called on the watchdog's thread while the loop thread may be at work on the same object:
    /// only read. What it throws is ignored.
    /// </summary>
    string? DescribeWork();
}
