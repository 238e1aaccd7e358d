using System.Net;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Testing;

/// <summary>
/// Stands between a loop and any other driver and counts what the loop asks of its sockets, and on
/// which threads: how many receives and sends an exchange costs is a promise of the server.
/// </summary>
/// <remarks>
/// Loop thread only, like the driver behind it; the counts may be read by any thread.
/// </remarks>
public sealed class RecordingDriver(LoopDriver inner) : DelegatingLoopDriver(inner)
{
    private readonly HashSet<int> _threads = [];

    /// <summary>
    /// Calls of <see cref="DriverSocket.Send"/> and <see cref="DriverSocket.SendAllAsync"/>.
    /// </summary>
    public int Sends { get; private set; }

    /// <summary>Calls of <see cref="DriverSocket.Receive"/> that brought bytes.</summary>
    public int Receives { get; private set; }

    /// <summary>Calls of <see cref="DriverSocket.Receive"/> that brought none.</summary>
    public int EmptyReceives { get; private set; }

    /// <summary>Questions to the system about what was delivered, or why it was not.</summary>
    public int Questions { get; private set; }

    /// <summary>Calls of <see cref="DriverSocket.ShutdownSend"/>.</summary>
    public int Ends { get; private set; }

    /// <summary>
    /// True: the end of a stream is never acknowledged, as by a peer whose machine has gone.
    /// </summary>
    public bool LosesEnds { get; set; }

    /// <summary>The managed ids of the threads that received or sent.</summary>
    public IReadOnlyCollection<int> Threads => _threads;

    /// <summary>Begins to count anew.</summary>
    public void Forget()
    {
        Sends = 0;
        Receives = 0;
        EmptyReceives = 0;
        Questions = 0;
        Ends = 0;
    }

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options) =>
        new Listener(this, base.Listen(endPoint, options));

    private void NoteThread() => _threads.Add(Environment.CurrentManagedThreadId);

    private sealed class Listener(RecordingDriver driver, DriverListener listener) : DriverListener
    {
        public override EndPoint LocalEndPoint => listener.LocalEndPoint;

        public override OperationAwaitable WaitAcceptableAsync() => listener.WaitAcceptableAsync();

        public override AcceptResult Accept() => Wrap(listener.Accept());

        public override AcceptResult AcceptLast() => Wrap(listener.AcceptLast());

        public override bool StopAdmitting() => listener.StopAdmitting();

        public override bool IsBrokenBy(System.Net.Sockets.SocketError error) =>
            listener.IsBrokenBy(error);

        public override bool ShedOne() => listener.ShedOne();

        public override void Close() => listener.Close();

        private AcceptResult Wrap(AcceptResult result) => result.Socket is { } socket
            ? result with { Socket = new Socket(driver, socket) }
            : result;
    }

    private sealed class Socket(RecordingDriver driver, DriverSocket socket) : DriverSocket
    {
        private bool _hasEnded;

        public override EndPoint? LocalEndPoint => socket.LocalEndPoint;

        public override EndPoint? RemoteEndPoint => socket.RemoteEndPoint;

        public override SafeHandle? Descriptor => socket.Descriptor;

        public override long? GetAcknowledgedBytes() => Ask(socket.GetAcknowledgedBytes());

        public override long? GetUnacknowledgedBytes() => Ask(
            driver.LosesEnds && _hasEnded
                ? Math.Max(1, socket.GetUnacknowledgedBytes() ?? 1)
                : socket.GetUnacknowledgedBytes());

        public override System.Net.Sockets.SocketError GetFailure() => Ask(socket.GetFailure());

        public override OperationAwaitable WaitReadableAsync() => socket.WaitReadableAsync();

        public override IoResult Receive(Span<byte> buffer)
        {
            driver.NoteThread();
            IoResult result = socket.Receive(buffer);
            driver.Receives += result.Bytes > 0 ? 1 : 0;
            driver.EmptyReceives += result.Bytes > 0 ? 0 : 1;
            return result;
        }

        public override IoResult Send(ReadOnlySpan<byte> data)
        {
            driver.NoteThread();
            driver.Sends++;
            return socket.Send(data);
        }

        public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data)
        {
            driver.NoteThread();
            driver.Sends++;
            return socket.SendAllAsync(data);
        }

        public override void ShutdownSend()
        {
            driver.Ends++;
            _hasEnded = true;
            socket.ShutdownSend();
        }

        public override void Close(bool reset) => socket.Close(reset);

        private T Ask<T>(T answer)
        {
            driver.Questions++;
            return answer;
        }
    }
}
