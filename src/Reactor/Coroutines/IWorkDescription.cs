namespace Reactor;

/// <summary>
/// Implemented by a class that describes its work in reports of a blocked loop.
/// </summary>
public interface IWorkDescription
{
    /// <summary>
    /// The work in progress, such as <c>GET /orders/7 (route /orders/{id})</c>, or null. The
    /// watchdog's thread calls it while the loop thread may use the object, so it must only read.
    /// </summary>
    string? DescribeWork();
}
