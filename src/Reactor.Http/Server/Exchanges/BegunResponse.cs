namespace Reactor.Http;

/// <summary>
/// What becomes of a response that has begun when its handler fails: it is replaced if nothing of
/// it was sent, delivered if it is whole, and otherwise cut off with a reset, behind the responses
/// ahead of it.
/// </summary>
/// <remarks>Loop thread only; it waits for nothing.</remarks>
internal static class BegunResponse
{
    /// <summary>
    /// True if another response can be written: none has begun, or nothing of it was sent and it
    /// is taken back.
    /// </summary>
    public static bool MayReplace(Exchange exchange)
    {
        if (!exchange.Writer.HasBegun)
        {
            return true;
        }

        if (!exchange.Writer.TryTakeBack())
        {
            return false;
        }

        exchange.Stream?.GiveUp();
        exchange.Stream = null;
        return true;
    }

    /// <summary>True if all that the response has promised was written.</summary>
    public static bool IsWhole(Exchange exchange)
    {
        if (exchange.Stream is not { } stream)
        {
            return false;
        }

        bool isWritten = stream.BodyBytes < 0
            ? stream.IsEnded
            : stream.BodyBytes == exchange.Writer.BodyBytes;
        return isWritten || exchange.Writer.IsBodiless;
    }

    /// <summary>
    /// Ends a response that is whole; of one that is not, a reset is all that can be said, once the
    /// client has acknowledged the responses ahead of it.
    /// </summary>
    public static void End(Exchange exchange)
    {
        if (IsWhole(exchange))
        {
            exchange.Stream!.End();
            return;
        }

        exchange.Stream?.GiveUp();
        exchange.Writer.GiveUp();
        exchange.Owner.Break(exchange.Writer.BeganAt);
    }
}
