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
    public static async Coroutine Run(
        HttpConnection owner,
        Connection connection,
        ConnectionLife life,
        ConnectionDeadlines deadlines)
    {
        if (connection.IsClosed)
        {
            return;
        }

        deadlines.Clear(DeadlineKind.Phase);
        await owner.FlushOutput();
        if (!connection.HasInputEnded && !connection.IsOutputBroken)
        {
            life.Move(ConnectionEvent.Flushed);
            await Drain(connection, deadlines, owner.Options);
        }
    }

    /// <summary>
    /// Ends our stream and discards what still comes, until the peer ends its own or the time or
    /// the amount is up: closing at once would reset the connection and could destroy the answer.
    /// </summary>
    private static async Coroutine Drain(
        Connection connection, ConnectionDeadlines deadlines, HttpServerOptions options)
    {
        connection.ShutdownSend();
        TimeSpan end = deadlines.After(options.LingerTimeout);
        long left = options.DrainBytesMax;
        while (left > 0 && !connection.IsClosed)
        {
            if (!connection.Input.TryRead(out ReadResult read))
            {
                TimeSpan idle = deadlines.After(options.LingerIdleTimeout);
                deadlines.Set(DeadlineKind.Phase, idle < end ? idle : end);
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
