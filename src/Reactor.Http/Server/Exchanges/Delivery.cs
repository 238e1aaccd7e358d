namespace Reactor.Http;

/// <summary>What became of the bytes that a connection had sent before its close.</summary>
internal enum Delivery : byte
{
    /// <summary>The close has not begun, or waits for the client.</summary>
    Pending,

    /// <summary>The client has acknowledged every byte.</summary>
    Delivered,

    /// <summary>The client is gone, or acknowledged too slowly.</summary>
    GaveUp,
}
