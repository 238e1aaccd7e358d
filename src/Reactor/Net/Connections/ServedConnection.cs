using System.Net.Sockets;

namespace Reactor.Net;

/// <summary>
/// Members of <see cref="Connection"/> for a server that parses in place and watches its clients.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class ServedConnection
{
    extension(Connection connection)
    {
        /// <summary>
        /// Resumes the waiter for readability although nothing arrived; it may wait again.
        /// </summary>
        public void ReleaseReader()
        {
            if (!connection.IsClosed)
            {
                connection.WaitReadableAsync().ReleaseWaiters();
            }
        }

        /// <summary>
        /// Receives a block at most behind the unread bytes, to learn of the end early. True if
        /// bytes came or the stream has ended.
        /// </summary>
        public bool TryReceive() =>
            connection.IsClosed || connection.Reader.HasEnded || connection.Reader.TryReceive();

        /// <summary>
        /// A cheaper <c>Input.TryRead</c> for bytes in one piece, valid until
        /// <see cref="Consume"/>. After false, use <c>TryRead</c>.
        /// </summary>
        public bool TryReadPiece(out ReadOnlySpan<byte> piece) =>
            connection.Reader.TryReadPiece(out piece);

        /// <summary>Drops bytes of a piece; the rest counts as not examined.</summary>
        public void Consume(int bytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, connection.UnreadBytes);
            connection.Reader.Consume(bytes);
        }

        /// <summary>
        /// Drops what was written after a position of the stream; false if the kernel has some.
        /// </summary>
        public bool TryTakeBack(long position) => connection.Writer.TryTakeBack(position);

        /// <summary>
        /// True if nothing more can be delivered. Asks the system: after the peer's end of the
        /// stream no read reports a failure.
        /// </summary>
        public bool CheckFailed()
        {
            if (!connection.IsClosed && !connection.IsOutputBroken
                && connection.Socket.GetFailure() is not SocketError.Success and var error)
            {
                connection.OnReceiveEnded(error);
            }

            return connection.IsClosed || connection.IsOutputBroken;
        }

        /// <summary>Closes after the stream helpers' writes.</summary>
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
