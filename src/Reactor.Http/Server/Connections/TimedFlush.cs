using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Sends what was written while the peer takes it, a block at a time, each within its deadline.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class TimedFlush
{
    /// <summary>Returns when everything is sent, or nothing more can be.</summary>
    public static async Coroutine Run(HttpConnection owner)
    {
        if (owner.TryFlush())
        {
            return;
        }

        Connection connection = owner.Connection;
        owner.BeginSend();
        try
        {
            do
            {
                owner.WaitForSend();
                await connection.Flush((int)connection.Output.UnflushedBytes - 1);
            }
            while (!owner.TryFlush());
        }
        finally
        {
            owner.EndSend();
        }
    }
}
