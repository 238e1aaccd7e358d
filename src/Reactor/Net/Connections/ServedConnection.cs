using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// Members of <see cref="Connection"/> for a server that parses in place, watches its clients while
/// a handler runs and closes without losing a response.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class ServedConnection
{
    extension(Connection connection)
    {
        /// <summary>
        /// Resumes the waiter for readability although nothing arrived, to tell it of something
        /// else than bytes; it may wait again.
        /// </summary>
        public void ReleaseReader()
        {
            if (!connection.IsClosed)
            {
                connection.WaitReadableAsync().ReleaseWaiters();
            }
        }

        /// <summary>
        /// Receives what is there now, a block at most, behind the unread bytes: to learn of the
        /// end or a failure early. True if bytes came or the stream has ended.
        /// </summary>
        public bool TryReceive() =>
            connection.IsClosed || connection.Reader.HasEnded || connection.Reader.TryReceive();

        /// <summary>
        /// A cheaper <c>Input.TryRead</c> for the common case: bytes, in one piece, and no end to
        /// tell. Then call <see cref="Consume"/>, not <c>AdvanceTo</c>. After false, use
        /// <c>TryRead</c>.
        /// </summary>
        /// <param name="piece">Valid until bytes are consumed.</param>
        public bool TryReadPiece(out ReadOnlySpan<byte> piece) =>
            connection.Reader.TryReadPiece(out piece);

        /// <summary>Drops bytes of a piece; the rest counts as not examined.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The piece has fewer.</exception>
        public void Consume(int bytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, connection.UnreadBytes);
            connection.Reader.Consume(bytes);
        }

        /// <summary>
        /// Drops what was written after a position of the stream, in bytes since it began; false if
        /// the kernel may have some of it.
        /// </summary>
        public bool TryTakeBack(long position) => connection.Writer.TryTakeBack(position);

        /// <summary>
        /// True if nothing more can be delivered. Asks the system, because no read reports a
        /// failure after the peer has ended its stream. May cost a system call.
        /// </summary>
        public bool CheckFailed()
        {
            if (!connection.IsClosed
                && !connection.IsOutputBroken
                && connection.Socket.Failure is not SocketError.Success and var error)
            {
                connection.OnReceiveEnded(error);
            }

            return connection.IsClosed || connection.IsOutputBroken;
        }

        /// <summary>Closes after the last write of a stream helper, or at once.</summary>
        public void CloseAfterWrites()
        {
            if (connection.HasUnsentHelperWrites)
            {
                connection.CloseAfterSend(CloseReason.Local);
            }
            else
            {
                connection.Close();
            }
        }
    }
}
