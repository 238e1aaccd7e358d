namespace Reactor;

/// <summary>
/// Describes the work of its coroutine methods, for reports of a blocked loop.
/// </summary>
public interface IWorkDescription
{
    /// <summary>
    /// The present work, such as <c>GET /orders/7 (route /orders/{id})</c>, or null. Called on the
    /// watchdog's thread while the loop thread may use the object: only read.
    /// </summary>
    string? DescribeWork();
}
