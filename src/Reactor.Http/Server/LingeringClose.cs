using System.IO.Pipelines;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The staged close of RFC 9112 9.6, bounded in time and in bytes.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class LingeringClose
{
    /// <summary>Sends what was written and ends our stream; the caller closes.</summary>
    public static async Coroutine Run(HttpConnection owner)
    {
        Connection connection = owner.Connection;
        if (connection.IsClosed)
        {
            return;
        }

        owner.ClearDeadline(DeadlineKind.Phase);
        await owner.FlushOutput();
        if (!connection.HasInputEnded && !connection.IsOutputBroken)
        {
            owner.Move(ConnectionEvent.Flushed);
            await Drain(owner, connection);
        }
    }

    /// <summary>
    /// Ends our stream and discards what still comes, until the peer ends its own or the time or
    /// the amount is up: closing at once would reset the connection and could destroy the answer.
    /// </summary>
    private static async Coroutine Drain(HttpConnection owner, Connection connection)
    {
        HttpServerOptions options = owner.Options;
        connection.ShutdownSend();
        TimeSpan end = owner.Loop.MomentAfter(options.LingerTimeout);
        long left = options.DrainBytesMax;
        while (left > 0 && !connection.IsClosed)
        {
            if (!connection.Input.TryRead(out ReadResult read))
            {
                TimeSpan idle = owner.Loop.MomentAfter(options.LingerIdleTimeout);
                owner.SetDeadline(DeadlineKind.Phase, idle < end ? idle : end);
                await connection.WaitReadable();
                continue;
            }

            left -= read.Buffer.Length;
            connection.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }
    }
}
